"""What a process uses, as the kernel tells it."""

import os
from dataclasses import dataclass
from pathlib import Path

from ..console import Failure

_TICKS = os.sysconf("SC_CLK_TCK")
_ESTABLISHED = "01"


@dataclass(frozen=True)
class Memory:
    """In bytes."""

    resident: int
    anonymous: int
    """Of the resident, what no file backs: heap and stacks."""
    proportional: int
    """Resident, with pages that others map too divided among them."""
    peak: int
    """The most that ever was resident."""


def memory(process: int) -> Memory:
    """What it has now; a process that has ended has none, and is a Failure."""
    try:
        status = sizes(Path(f"/proc/{process}/status").read_text())
        rollup = sizes(Path(f"/proc/{process}/smaps_rollup").read_text())
        return Memory(status["VmRSS"], status["RssAnon"], rollup["Pss"], status["VmHWM"])
    except (OSError, KeyError):
        raise Failure("the program ended before it was asked to") from None


def cpu_seconds(process: int) -> float:
    """User and system time until now, of all threads."""
    return ticks(Path(f"/proc/{process}/stat").read_text()) / _TICKS


def sizes(text: str) -> dict[str, int]:
    """The lines `Name: 12 kB`, in bytes."""
    words = (line.split() for line in text.splitlines())
    return {it[0].rstrip(":"): int(it[1]) * 1024 for it in words if len(it) == 3 and it[2] == "kB"}


def ticks(stat: str) -> int:
    """utime and stime of /proc/PID/stat, where the program's name may have spaces and parentheses."""
    after_name = stat.rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


def connections(table: str, port: int) -> int:
    """How many connections lead to a port, by the text of /proc/PID/net/tcp or tcp6."""
    rows = (line.split() for line in table.splitlines()[1:])
    return sum(it[3] == _ESTABLISHED and int(it[2].rpartition(":")[2], 16) == port for it in rows)


def open_connections(process: int, port: int) -> int:
    """The same for all of a process' network."""
    tables = (Path(f"/proc/{process}/net/{it}").read_text() for it in ("tcp", "tcp6"))
    return sum(connections(it, port) for it in tables)
