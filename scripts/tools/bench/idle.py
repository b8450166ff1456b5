"""What the operator costs while its clusters are as they should be."""

import time
from dataclasses import dataclass

from ..console import Progress
from . import quiet, report, usage
from .installed import NAMESPACE, Installed
from .valkey import Server, calls, manifest, servers, stream

SETTLE = 30
"""Seconds until nothing is as young as that anything would still be told of it."""

_PORT = 6379
_POLL = "cluster|nodes"
_PERIOD = 10
_HEAD = ("clusters", "servers", "requests/min", "writes", "polls/10 s", "RSS", "RssAnon", "Pss", "CPU/min", "connections")


@dataclass(frozen=True)
class Idle:
    clusters: int
    servers: int
    polls: float
    """Of the server that was polled most, in 10 s."""
    connections: int
    quiet: quiet.Quiet


def measure(installed: Installed, clusters: int, minutes: float) -> Idle:
    """A cluster of 3×1, or more of 1×0."""
    made = [manifest("idle", 3, 1)] if clusters == 1 else [manifest(f"idle-{it:03}", 1, 0) for it in range(clusters)]
    progress = Progress(2)
    with progress.step(f"{clusters} ValkeyClusters"):
        installed.kubectl("apply", "--filename=-", text=stream(made))
        installed.kubectl("wait", "valkeyclusters", "--all", "--for=condition=Ready", "--timeout=600s")
        time.sleep(SETTLE)
    with progress.step(f"{minutes:g} min of nothing"):
        polled = [_Polled(it) for it in servers(installed.cluster, NAMESPACE)]
        seen = quiet.watch(installed.process, installed.audited, minutes * 60)
        connections = usage.open_connections(installed.process, _PORT)
        polls = max(it.per_period() for it in polled)
    installed.remove()
    return Idle(clusters, len(polled), polls, connections, seen)


class _Polled:
    """A server that counts from now on what it is asked."""

    def __init__(self, server: Server):
        self._server = server
        server.say("CONFIG RESETSTAT")
        self._began = time.monotonic()

    def per_period(self) -> float:
        seconds = time.monotonic() - self._began
        return calls(self._server.say("INFO commandstats")).get(_POLL, 0) * _PERIOD / seconds


def section(rows: list[Idle], minutes: float) -> str:
    requests = "\n".join(f"- {it.clusters}: {it.quiet.asked.text()}; {it.quiet.asked.for_lease} for its lease" for it in rows)
    return f"""### Idle

{minutes:g} min in which nothing happens: one cluster is 3×1, several are 1×0 each. *polls*: `CLUSTER NODES`, of the server that was
asked most; *connections*: those to Valkey's servers.

{report.aligned([_HEAD, *map(_row, rows)])}

What the operator asked of the API server in that time, watches aside:

{requests}
"""


def _row(idle: Idle) -> list[str]:
    it = idle.quiet
    return [
        str(idle.clusters),
        str(idle.servers),
        f"{it.asked.requests.total() * 60 / it.seconds:.1f}",
        str(it.asked.writes),
        f"{idle.polls:.2f}",
        *report.cost(it.memory, it.cpu_per_minute),
        str(idle.connections),
    ]
