"""One run at a time of what must not run twice at once."""

import fcntl
from contextlib import contextmanager
from pathlib import Path

from .console import say


@contextmanager
def held(path: Path, what: str):
    """Holds the lock `path` in the body; says so where it has to wait for `what` to end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for {what} to end …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
