"""Runs other programs on behalf of ours."""

import os
import subprocess
from pathlib import Path

from . import paths
from .console import Failure


def setup() -> None:
    """Installs what is missing on this machine; says what."""
    if subprocess.run([paths.ROOT / "scripts/setup"]).returncode != 0:
        raise Failure("scripts/setup failed, and said why above")


def output(*command: str | Path, folder: Path | None = None) -> str:
    """What a command printed; a command that is missing or fails becomes a Failure with its last words."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C.UTF-8"}
        )
    except FileNotFoundError:
        raise Failure(f"{words[0]} is missing; scripts/setup installs it") from None
    if done.returncode != 0:
        last_words = "\n".join((done.stdout + done.stderr).strip().splitlines()[-20:])
        raise Failure(f"`{' '.join(words)}` failed:\n{last_words}")
    return done.stdout
