"""Starts a program, listens to what it says, and takes its measure."""

import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

from ..cluster.layout import AUDIT_LOG
from ..cluster.local import LocalCluster
from ..console import Failure
from . import requests, usage

_PATIENCE = 300
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


class Measured:
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
        if self._process.wait(10) != 0:
            raise Failure(f"the program ended with {self._process.returncode}")

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
        yield Measured(process)
    except Failure as failure:
        last_words = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
        raise Failure(f"{Path(program[0]).name} {' '.join(program[1:])}: {failure}\n{last_words}".strip()) from None
    finally:
        process.kill()
        process.wait()


def measure(cluster: LocalCluster, program: list[str], objects: int, updates: int, write: Callable[[], object]) -> Figures:
    """One run: it fills its cache with `objects`, settles, and hears of `updates` changes that `write` makes."""
    with (cluster.state / AUDIT_LOG).open() as audited:
        audited.seek(0, 2)
        began = time.monotonic()
        with running(cluster, program, cluster.log("bench")) as it:
            found = it.await_line(lambda said: said["event"] == "synced")["objects"]
            sync, sync_cpu = time.monotonic() - began, usage.cpu_seconds(it.id)
            if found != objects:
                raise Failure(f"it found {found} objects where there are {objects}")
            time.sleep(QUIET)
            steady, asked = usage.memory(it.id), requests.summary(audited)

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
