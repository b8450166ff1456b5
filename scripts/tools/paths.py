"""Where things are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _xdg(variable: str, default: str) -> Path:
    """A folder of the XDG base directory specification, which asks to ignore relative values."""
    value = os.environ.get(variable, "")
    base = Path(value) if os.path.isabs(value) else Path.home() / default
    return base / "valkey-operator"


CACHE = _xdg("XDG_CACHE_HOME", ".cache")
"""What is built or fetched once and may be deleted at any time."""

STATE = _xdg("XDG_STATE_HOME", ".local/state")
"""What a running local cluster keeps."""
