"""Runs commands on a cluster's network."""

import subprocess

from ..cluster.local import LocalCluster
from ..console import Failure


class Visitor:
    """A command that is ready to run there: to find the way takes longer than some commands."""

    def __init__(self, cluster: LocalCluster, *words: str):
        self._words = words
        self._line, self._environment = cluster.visit(list(words))

    def run(self, text: str | None = None) -> str:
        """What it printed; `text` goes to its standard input."""
        given = {"stdin": subprocess.DEVNULL} if text is None else {"input": text}
        done = subprocess.run(self._line, env=self._environment, capture_output=True, text=True, **given)
        if done.returncode != 0:
            raise Failure(f"`{' '.join(self._words)}` failed: {done.stderr.strip()}")
        return done.stdout


def inside(cluster: LocalCluster, *words: str, text: str | None = None) -> str:
    return Visitor(cluster, *words).run(text)
