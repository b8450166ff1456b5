"""Programs that run on a cluster's network, and what they say."""

import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from ..cluster.local import LocalCluster
from ..console import Failure

_PATIENCE = 300
_END = 40
"""Seconds that a program may take to end."""


class Running:
    """A running program and the lines that it prints."""

    def __init__(self, process: subprocess.Popen):
        self._process = process
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def id(self) -> int:
        return self._process.pid

    def await_line(self, wanted: Callable[[dict], bool]) -> dict:
        """The first of its next lines that is wanted."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                line = self._lines.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                raise Failure(f"the program does not say in {_PATIENCE} s what is waited for") from None
            if (said := parse(line)) and wanted(said):
                return said

    def end(self) -> None:
        """Asks it to end, and expects that it does so well."""
        self._process.stdin.close()
        self._want_end()

    def stop(self) -> None:
        """Tells it to end, as Kubernetes tells pods, and expects that it does so well."""
        self._process.terminate()
        self._want_end()

    def _want_end(self) -> None:
        try:
            code = self._process.wait(_END)
        except subprocess.TimeoutExpired:
            raise Failure(f"the program goes on {_END} s after it was asked to end") from None
        if code != 0:
            raise Failure(f"the program ended with {code}")

    def _listen(self) -> None:
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")


def parse(line: str) -> dict:
    """What a program said in a line; the end of its output, or what is no JSON object, is a Failure."""
    if not line:
        raise Failure("the program ended before it was asked to")
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Failure(f"the program says what is no line of JSON: {line.strip()}")
    return said


@contextmanager
def running(cluster: LocalCluster, program: list[str], log: Path):
    """The program on the cluster's network; it is gone after the body, which fails with the end of its log."""
    line, environment = cluster.visit(program)
    with log.open("w") as errors:
        process = subprocess.Popen(
            line, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        yield Running(process)
    except Failure as failure:
        last_words = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
        raise Failure(f"{Path(program[0]).name} {' '.join(program[1:])}: {failure}\n{last_words}".strip()) from None
    finally:
        process.kill()
        process.wait()
