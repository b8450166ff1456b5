"""What the operator costs when there is nothing to do."""

import time
from dataclasses import dataclass

from . import usage
from .asked import Asked, asked
from .tail import Tail


@dataclass(frozen=True)
class Quiet:
    seconds: float
    asked: Asked
    memory: usage.Memory
    """At the end."""
    cpu_per_minute: float
    """In seconds."""


def watch(process: int, audited: Tail, seconds: float) -> Quiet:
    """Looks on for so long."""
    audited.lines()
    began, cpu = time.monotonic(), usage.cpu_seconds(process)
    time.sleep(seconds)
    took, cpu = time.monotonic() - began, usage.cpu_seconds(process) - cpu
    return Quiet(took, asked(audited.lines()), usage.memory(process), cpu * 60 / took)
