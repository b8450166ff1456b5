"""How long it takes until a ValkeyCluster is there, and what the operator asks of the API server for that."""

import time
from dataclasses import dataclass
from statistics import median

from .. import paths
from ..console import Failure, Progress
from . import report
from .asked import Asked, asked
from .inside import Visitor
from .installed import NAMESPACE, Installed
from .running import running
from .timeline import Moments, Timeline
from .valkey import manifest, stream

SETTLED = 5
"""Seconds in which the operator may still write after a cluster is Ready: these requests are counted, too."""

_WATCHED = [
    f"/api/v1/namespaces/{NAMESPACE}/pods",
    f"/apis/apps/v1/namespaces/{NAMESPACE}/statefulsets",
    f"/apis/valkey-operator.dev/v1alpha1/namespaces/{NAMESPACE}/valkeyclusters",
]
_HEAD = (
    "shape", "goes by", "StatefulSets", "pods run", "Ready", "Running", "Ready after pods run", "Ready after pods Ready",
    "requests", "writes",
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    shards: int
    replicas: int

    @property
    def pods(self) -> int:
        return self.shards * (1 + self.replicas)

    def __str__(self) -> str:
        return f"{self.shards}×{self.replicas}"


@dataclass(frozen=True)
class Run:
    moments: Moments
    asked: Asked


def measure(installed: Installed, shapes: list[Shape], count: int) -> dict[Shape, list[Run]]:
    """Makes each so often; in turns, so that a noisy minute does not strike one shape alone."""
    runs: dict[Shape, list[Run]] = {it: [] for it in shapes}
    progress = Progress(len(shapes) * count)
    for _ in range(count):
        for shape, of_shape in runs.items():
            with progress.step(f"creating {shape}"):
                of_shape.append(create(installed, shape, f"c{len(of_shape)}-{shape.shards}-{shape.replicas}"))
                installed.remove()
    return runs


def create(installed: Installed, shape: Shape, name: str) -> Run:
    cluster = installed.cluster
    timeline = Timeline(shape.shards, shape.pods)
    watch = [str(paths.ROOT / "scripts/tools/run"), "bench.watch", str(cluster.state / "pki"), *_WATCHED]
    with running(cluster, watch, cluster.log("bench-watch")) as it:
        it.await_line(lambda said: said["event"] == "watching")
        apply = Visitor(cluster, "kubectl", f"--namespace={NAMESPACE}", "apply", "--filename=-")
        installed.audited.lines()
        began = time.monotonic()
        apply.run(stream([manifest(name, shape.shards, shape.replicas)]))
        try:
            it.await_line(timeline.hear)
        except Failure as failure:
            raise Failure(f"{failure}; of {name}, what is missing: {', '.join(timeline.missing())}") from failure
        time.sleep(SETTLED)
        it.end()
    return Run(timeline.since(began), asked(installed.audited.lines()))


def section(runs: dict[Shape, list[Run]]) -> str:
    """Markdown: the middle run's figures, and the worst run's below them."""
    rows = [_row(shape, of_shape, pick) for shape, of_shape in runs.items() for pick in _PICKS]
    requests = "\n".join(f"- {shape}: {_middle(of_shape).asked.text()}" for shape, of_shape in runs.items())
    lease = max(it.asked.for_lease for of_shape in runs.values() for it in of_shape)
    count = max(map(len, runs.values()))
    return f"""### Create

From `kubectl apply` to what the API server tells whoever watches; {count} runs a shape. *pods run*: the last container runs. *requests*:
all that the operator asked of the API server from `kubectl apply` until {SETTLED} s after Ready, watches and its lease (at most {lease}
requests) aside; *writes* are those of them that write.

{report.aligned([_HEAD, *rows])}

What it asked for one cluster:

{requests}
"""


_PICKS = {"median": median, "worst": max}


def _row(shape: Shape, runs: list[Run], pick: str) -> list[str]:
    def of(figure) -> float:
        return _PICKS[pick](figure(it) for it in runs)

    times = [
        of(lambda it: it.moments.objects),
        of(lambda it: it.moments.pods_run),
        of(lambda it: it.moments.ready),
        of(lambda it: it.moments.running),
        of(lambda it: it.moments.after_run),
        of(lambda it: it.moments.after_pods_ready),
    ]
    counts = [of(lambda it: it.asked.requests.total()), of(lambda it: it.asked.writes)]
    return [str(shape), pick, *map(report.seconds, times), *(f"{it:g}" for it in counts)]


def _middle(runs: list[Run]) -> Run:
    """The run with the middle number of requests."""
    return sorted(runs, key=lambda it: it.asked.requests.total())[len(runs) // 2]
