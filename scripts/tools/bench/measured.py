"""Takes the measure of a program that keeps objects."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from statistics import median

from ..cluster.layout import AUDIT_LOG
from ..cluster.local import LocalCluster
from ..console import Failure
from . import requests, usage
from .running import running
from .tail import Tail

QUIET = 15
"""Seconds in which a program settles before its memory is looked at."""


@dataclass(frozen=True)
class Figures:
    """Times in seconds, memory in bytes."""

    sync: float
    sync_cpu: float
    steady: int
    anonymous: int
    proportional: int
    peak: int
    events_per_second: float
    cpu_per_event: float
    steady_after_events: int
    requests: str


def measure(cluster: LocalCluster, program: list[str], objects: int, updates: int, write: Callable[[], object]) -> Figures:
    """One run: it fills its cache with `objects`, settles, and hears of `updates` changes that `write` makes."""
    audited = Tail(cluster.state / AUDIT_LOG)
    began = time.monotonic()
    with running(cluster, program, cluster.log("bench")) as it:
        found = it.await_line(lambda said: said["event"] == "synced")["objects"]
        sync, sync_cpu = time.monotonic() - began, usage.cpu_seconds(it.id)
        if found != objects:
            raise Failure(f"it found {found} objects where there are {objects}")
        time.sleep(QUIET)
        steady, asked = usage.memory(it.id), requests.summary(audited.lines())

        cpu = usage.cpu_seconds(it.id)
        write()
        heard = it.await_line(lambda said: said["event"] == "seen" and said["events"] >= updates)
        cpu = usage.cpu_seconds(it.id) - cpu
        time.sleep(QUIET)
        after = usage.memory(it.id)
        it.end()
    return Figures(
        sync,
        sync_cpu,
        steady.resident,
        steady.anonymous,
        steady.proportional,
        steady.peak,
        heard["events"] / heard["seconds"],
        cpu / heard["events"],
        after.resident,
        asked,
    )


def medians(runs: Iterable[Figures]) -> Figures:
    """The middle of each figure; requests are the same in all runs, or the first run's."""
    runs = list(runs)
    values = ([getattr(run, field.name) for run in runs] for field in fields(Figures))
    return Figures(*(of_field[0] if isinstance(of_field[0], str) else median(of_field) for of_field in values))
