"""What many ValkeyClusters cost, on a control plane alone: no pod comes, and all that the operator does is Kubernetes' part of it."""

import time
from dataclasses import dataclass
from pathlib import Path

from .. import paths
from ..cluster.layout import AUDIT_LOG
from ..cluster.local import LocalCluster
from ..console import Failure, Progress
from . import quiet, report
from .asked import Asked, asked
from .firsts import Firsts, moment
from .inside import inside
from .running import parse, running
from .tail import Tail
from .valkey import manifest, stream

SETTLE = 90
"""Seconds until the operator looks at clusters that wait for pods as seldom as it ever does."""

_METRICS = "127.0.0.1:18080"
_PATIENCE = 300
_CALM = 5
"""Seconds without a write, after which none is expected."""

_HEAD = (
    "clusters", "synced", "told", "last write", "requests each", "writes each", "requests/min", "writes", "reconciles/min",
    "RSS", "RssAnon", "Pss", "CPU/min",
)  # fmt: skip
_HEAD_AGAIN = ("clusters", "synced", "looked at", "requests each", "writes")


@dataclass(frozen=True)
class Start:
    """What followed when the operator was started; seconds since then."""

    synced: float
    """Its caches had all there was."""
    looked: float
    """Each cluster had been looked at; where it was new, its status had been written."""
    written: float | None
    """The last write, if there was any."""
    asked: Asked


@dataclass(frozen=True)
class Fleet:
    clusters: int
    first: Start
    quiet: quiet.Quiet
    reconciles_per_minute: float
    again: Start
    """With everything there already."""


def measure(cluster: LocalCluster, operator: Path, clusters: int, window: float) -> Fleet:
    """On a control plane that is made anew."""
    progress = Progress(4)
    with progress.step(f"a control plane with {clusters} ValkeyClusters"):
        names = _fill(cluster, clusters)
    watched = _Watched(cluster, names)
    with watched.operator(operator) as process:
        with progress.step("their objects"):
            first = watched.start(is_new=True)
        with progress.step(f"{window:g} s of nothing"):
            time.sleep(SETTLE)
            reconciled = _reconciles(cluster)
            calm = quiet.watch(process.id, watched.audited, window)
            reconciled = _reconciles(cluster) - reconciled
        process.stop()
    with progress.step("the operator, started again"), watched.operator(operator) as process:
        again = watched.start(is_new=False)
        process.stop()
    return Fleet(clusters, first, calm, reconciled * 60 / calm.seconds, again)


def _fill(cluster: LocalCluster, clusters: int) -> list[str]:
    with cluster.alone():
        cluster.down()
        cluster.up_control_plane()
    definitions = f"--filename={paths.ROOT / 'crds'}"
    inside(cluster, "kubectl", "apply", "--server-side", definitions)
    inside(cluster, "kubectl", "wait", "--for=condition=Established", definitions)
    made = [manifest(f"fleet-{it:04}", 3, 1) for it in range(clusters)]
    inside(cluster, "kubectl", "create", "--filename=-", text=stream(made))
    return [it["metadata"]["name"] for it in made]


def _reconciles(cluster: LocalCluster) -> float:
    page = inside(cluster, "kubectl", f"--server=http://{_METRICS}", "get", "--raw=/metrics")
    return total(page, "controller_runtime_reconcile_total")


def total(page: str, metric: str) -> float:
    """The sum of a metric's series."""
    samples = (line.rpartition(" ") for line in page.splitlines() if line.startswith(f"{metric}{{"))
    return sum(float(value) for _, _, value in samples)


class _Watched:
    """The operator as a process, and what its own and the API server's log say of it."""

    def __init__(self, cluster: LocalCluster, names: list[str]):
        self.audited = Tail(cluster.state / AUDIT_LOG)
        self._cluster = cluster
        self._names = names
        self._log = cluster.log("bench-operator")
        self._began = 0.0

    def operator(self, program: Path):
        """Runs it in the body."""
        options = ["--leader-elect=false", f"--metrics-bind-address={_METRICS}", "--health-probe-bind-address=0"]
        self.audited.lines()
        self._began = time.time()
        return running(self._cluster, [str(program), f"--kubeconfig={self._cluster.kubeconfig}", *options], self._log)

    def start(self, is_new: bool) -> Start:
        """Looks on until every cluster was looked at, and its status written where it `is_new`, and nothing has been written
        for a while: for no longer than its patience, as that may never be."""
        firsts = Firsts(self._names)
        lines: list[str] = []
        deadline = time.monotonic() + _PATIENCE
        while firsts.unlooked() or (is_new and firsts.untold()):
            if time.monotonic() > deadline:
                raise Failure(f"in {_PATIENCE} s, {firsts.unlooked()} were not looked at, and {firsts.untold()} not told of")
            lines += self._hear(firsts)
        deadline = time.monotonic() + _PATIENCE
        since = time.time()
        while time.time() < max(firsts.written, since) + _CALM and time.monotonic() < deadline:
            lines += self._hear(firsts)
        looked = firsts.told if is_new else firsts.looked
        written = firsts.written - self._began if firsts.written else None
        return Start(self._synced() - self._began, max(looked.values()) - self._began, written, asked(lines))

    def _hear(self, firsts: Firsts) -> list[str]:
        time.sleep(0.1)
        added = self.audited.lines()
        firsts.hear(added)
        return added

    def _synced(self) -> float:
        """When its caches had all there was, after which it begins to work."""
        said = (parse(line) for line in self._log.read_text().splitlines())
        return next(moment(it["time"]) for it in said if it["event"] == "controller started")


def section(rows: list[Fleet], window: float) -> str:
    requests = "\n".join(
        f"- {it.clusters}, a cluster: {_each(it)}\n- {it.clusters}, in the window: {it.quiet.asked.text()}\n"
        f"- {it.clusters}, when it was started again: {it.again.asked.text()}"
        for it in rows
    )
    return f"""### Fleet

ValkeyClusters of 3×1 on etcd and kube-apiserver alone, so that no pod comes and each cluster waits for its pods. *told*: from the
operator's start until the status of each cluster was written for the first time, *last write*: until nothing more was written.
Then, {SETTLE} s later, a window of {window:g} s in which nothing happens.

{report.aligned([_HEAD, *map(_row, rows)], 1)}

The operator is stopped, and started again with everything there: *synced*: until its caches had all; *looked at*: until it had asked for
something of each cluster.

{report.aligned([_HEAD_AGAIN, *map(_row_again, rows)], 1)}

What it asked of the API server, watches aside:

{requests}
"""


def _each(fleet: Fleet) -> str:
    """The requests for one cluster on the average."""
    rows = sorted(fleet.first.asked.requests.items(), key=lambda it: (-it[1], it[0]))
    return ", ".join(f"{count / fleet.clusters:.4g}× {verb} {resource}" for (verb, resource), count in rows)


def _row(fleet: Fleet) -> list[str]:
    first, calm = fleet.first, fleet.quiet
    return [
        str(fleet.clusters),
        report.seconds(first.synced),
        report.seconds(first.looked),
        _moment(first.written),
        f"{first.asked.requests.total() / fleet.clusters:.1f}",
        f"{first.asked.writes / fleet.clusters:.1f}",
        f"{calm.asked.requests.total() * 60 / calm.seconds:.0f}",
        str(calm.asked.writes),
        f"{fleet.reconciles_per_minute:.0f}",
        *report.cost(calm.memory, calm.cpu_per_minute),
    ]


def _row_again(fleet: Fleet) -> list[str]:
    again = fleet.again
    requests = f"{again.asked.requests.total() / fleet.clusters:.1f}"
    return [str(fleet.clusters), report.seconds(again.synced), report.seconds(again.looked), requests, str(again.asked.writes)]


def _moment(seconds: float | None) -> str:
    return "–" if seconds is None else report.seconds(seconds)
