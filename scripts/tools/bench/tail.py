"""What is appended to a file."""

from pathlib import Path


class Tail:
    """From now on, in whole lines."""

    def __init__(self, path: Path):
        self._path = path
        self._at = path.stat().st_size if path.exists() else 0
        self._begun = b""

    def lines(self) -> list[str]:
        """Those that were not asked for before."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._at)
            added = file.read()
        self._at += len(added)
        *whole, self._begun = (self._begun + added).split(b"\n")
        return [it.decode(errors="replace") for it in whole]
