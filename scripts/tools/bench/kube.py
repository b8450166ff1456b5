"""scripts/bench kube: what a cache of Kubernetes objects costs, in one program and another."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from .. import paths
from ..cluster.local import LocalCluster
from ..console import Progress, say
from . import measured, page, programs, report, samples
from .inside import inside
from .options import numbers, positive, some_of
from .report import Row, Stock

_CRD = programs.SOURCES / "crd.yaml"
_NAMES = [it.name for it in programs.ALL]


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--objects", type=numbers, default=[10_000, 50_000], metavar="N,…", help="default: 10000,50000")
    parser.add_argument("--updates", type=thousands, default=5_000, metavar="N", help="changes to hear of (default: 5000)")
    parser.add_argument("--repeat", type=positive, default=1, metavar="N", help="take the middle of so many runs (default: 1)")
    parser.add_argument("--only", type=some_of(_NAMES, "program"), default=_NAMES, metavar="NAME,…", help=f"of {', '.join(_NAMES)}")
    parser.add_argument("--keep", action="store_true", help="leave the cluster and its objects for the next time")
    parser.add_argument("--write", action="store_true", help=f"write a part of {page.PAGE.relative_to(paths.ROOT)}")


def run(options: argparse.Namespace) -> None:
    wanted = [it for it in programs.ALL if it.name in options.only]
    built = _build(wanted)
    cluster = LocalCluster("bench")
    sections = []
    with cluster.alone():
        try:
            for objects in options.objects:
                stock = fill(cluster, objects)
                rows = _measure(cluster, wanted, built, stock, options)
                sections.append(report.section(rows, stock))
                say(f"\n{sections[-1]}")
        finally:
            if not options.keep:
                cluster.down()
    if options.write:
        page.write("\n".join([_introduction(wanted, options), *sections]))


def _build(wanted: Sequence[programs.Program]) -> dict[str, Path]:
    progress = Progress(len(wanted))
    built = {}
    for program in wanted:
        with progress.step(f"building {program.name}"):
            built[program.name] = program.build()
    return built


def fill(cluster: LocalCluster, objects: int) -> Stock:
    """A cluster with so many objects: what an earlier run left, and the rest of them, or a new one where it left more."""
    kept = _Kept(cluster)
    before = kept.objects()
    if not 0 < before <= objects:
        cluster.down()
        before = 0
    progress = Progress(2)
    with progress.step("etcd and kube-apiserver"):
        cluster.up_control_plane()
        inside(cluster, "kubectl", "apply", "--server-side", f"--filename={_CRD}")
        inside(cluster, "kubectl", "wait", "--for=condition=Established", f"--filename={_CRD}")
    with progress.step(f"{objects} objects"):
        if before < objects:
            kept.forget()
            load(cluster, "create", before, objects)
            kept.note(objects)
    return Stock(**load(cluster, "size"))


class _Kept:
    """How many objects a cluster holds: none that counts where they were half made, or made otherwise than today."""

    def __init__(self, cluster: LocalCluster):
        self._note = cluster.state / "bench.json"
        self._shape = [_CRD.read_text(), Path(samples.__file__).read_text()]

    def objects(self) -> int:
        noted = json.loads(self._note.read_text()) if self._note.exists() else {}
        return noted["objects"] if noted.get("shape") == self._shape else 0

    def forget(self) -> None:
        self._note.unlink(missing_ok=True)

    def note(self, objects: int) -> None:
        self._note.write_text(json.dumps({"shape": self._shape, "objects": objects}))


def _measure(
    cluster: LocalCluster,
    wanted: Sequence[programs.Program],
    built: dict[str, Path],
    stock: Stock,
    options: argparse.Namespace,
) -> list[Row]:
    def write() -> None:
        load(cluster, "update", options.updates, stock.objects)

    runs: dict[tuple, list[measured.Figures]] = {(it, variant): [] for it in wanted for variant in it.variants}
    progress = Progress(len(runs) * options.repeat)
    for _ in range(options.repeat):  # in turns, so that a noisy minute does not strike one program alone
        for (program, variant), figures in runs.items():
            line = [str(built[program.name]), variant.argument]
            with progress.step(f"{program.name}, {variant.argument}"):
                figures.append(measured.measure(cluster, line, stock.objects, options.updates, write))
    return [Row(program.name, variant.argument, measured.medians(figures)) for (program, variant), figures in runs.items()]


def load(cluster: LocalCluster, action: str, *numbers: int) -> dict:
    """Writes or reads objects, as load.py says."""
    tool = str(paths.ROOT / "scripts/tools/run")
    return json.loads(inside(cluster, tool, "bench.load", str(cluster.state / "pki"), action, *map(str, numbers)))


def _introduction(wanted: Sequence[programs.Program], options: argparse.Namespace) -> str:
    versions = "\n".join(f"- {it.name}: {it.versions()}" for it in wanted)
    settings = {it.argument: it.about for program in wanted for it in program.variants}
    meanings = "\n".join(f"- {argument}: {about}" for argument, about in settings.items())
    objects = ",".join(map(str, options.objects))
    return f"""## A cache of objects

What a cache of Kubernetes objects costs: programs that list and watch the same objects on a real API server, one after
the other. `scripts/bench kube --objects {objects} --updates {options.updates} --repeat {options.repeat} --write` wrote this part; each
figure is the middle of {options.repeat} runs, on {page.machine()}.

- the API server: {programs.api_server()}
{versions}

Settings:

{meanings}

*sync* is from the start of the process to the last object in its cache; *steady* is what is resident when nothing has happened
for {measured.QUIET} s, *heap* the part of it that no file backs, *per object* all of it divided by the objects, *peak* the most that was resident
until then. Then {options.updates:,} changes of status are written as fast as the server takes them: *events/s* says how fast they
came, which is the server's pace where all programs have the same, *CPU an event* what the program spent on each, *after events* what
is resident {measured.QUIET} s later. In brackets: how many times the first row's figure.
"""


def thousands(text: str) -> int:
    """Programs tell of every thousandth event."""
    if (number := positive(text)) % 1000:
        raise argparse.ArgumentTypeError(f"{text} is not a multiple of 1000")
    return number
