"""Runs the project's own scripts, for the tests in Python."""

import subprocess

from tools import images, oci, paths


def run_script(name: str, *arguments: str, **options) -> subprocess.CompletedProcess:
    """Runs a script to its end; `text` goes to its standard input."""
    text = options.pop("text", "")
    options = {"capture_output": True, "text": True, "timeout": 1800, "input": text} | options
    return subprocess.run([paths.ROOT / "scripts" / name, *arguments], **options)


def must(done: subprocess.CompletedProcess) -> str:
    """What a script printed that had to succeed."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def load(cluster: str, name: str) -> oci.Summary:
    """Gives the cluster an image of ours, made now unless it is up to date."""
    image = images.ensure(name)
    must(run_script("local-cluster", "load", "--name", cluster, image.archive))
    return image
