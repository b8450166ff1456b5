"""Runs the project's own scripts, for the tests in Python."""

import subprocess
from contextlib import contextmanager

from tools import images, oci, paths
from tools.cluster import binaries

CHART = paths.ROOT / "charts/valkey-operator"


def run_script(name: str, *arguments: str, **options) -> subprocess.CompletedProcess:
    """Runs a script to its end; `text` goes to its standard input."""
    text = options.pop("text", "")
    options = {"capture_output": True, "text": True, "timeout": 1800, "input": text} | options
    return subprocess.run([paths.ROOT / "scripts" / name, *arguments], **options)


def ensure_helm() -> None:
    """Builds helm unless it is up to date."""
    binaries.ensure((binaries.HELM,))


def run_helm(*arguments: str) -> subprocess.CompletedProcess:
    """Runs helm without a cluster."""
    ensure_helm()
    return subprocess.run([binaries.BIN / "helm", *arguments], capture_output=True, text=True, timeout=60)


def must(done: subprocess.CompletedProcess) -> str:
    """What a script printed that had to succeed."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def new_cluster(name: str, *options: str, **environment):
    """A local cluster that is made anew, whatever an interrupted run left of it, and gone at the end."""
    down = lambda: must(run_script("local-cluster", "down", "--name", name, **environment))  # noqa: E731
    down()
    try:
        must(run_script("local-cluster", "up", "--name", name, *options, **environment))
        yield
    finally:
        down()


def load(cluster: str, name: str) -> oci.Summary:
    """Gives the cluster an image of ours, made now unless it is up to date."""
    image = images.ensure(name)
    must(run_script("local-cluster", "load", "--name", cluster, image.archive))
    return image
