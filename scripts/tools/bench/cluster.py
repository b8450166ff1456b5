"""scripts/bench cluster: what the operator takes to make ValkeyClusters, and to keep them."""

import argparse
import sys

from .. import paths
from ..cluster.local import LocalCluster
from ..console import Progress, say
from . import create, fleet, idle, page, programs
from .create import Shape
from .installed import install
from .options import numbers, positive, some_of

_CREATE, _IDLE, _FLEET = "create", "idle", "fleet"
_FIGURES = (_CREATE, _IDLE, _FLEET)


def add_options(parser: argparse.ArgumentParser) -> None:
    about = f"of {', '.join(_FIGURES)} (default: all)"
    parser.add_argument("--only", type=some_of(_FIGURES, "figure"), default=list(_FIGURES), metavar="NAME,…", help=about)
    parser.add_argument("--shapes", type=shapes, default=shapes("3x1,3x0,1x0,6x1"), metavar="SxR,…",
                        help="create: shards and the replicas of each (default: 3x1,3x0,1x0,6x1)")  # fmt: skip
    parser.add_argument("--runs", type=positive, default=5, metavar="N", help="create: of each shape (default: 5)")
    parser.add_argument("--clusters", type=numbers, default=[1, 20], metavar="N,…", help="idle: how many (default: 1,20)")
    parser.add_argument("--idle-minutes", type=positive, default=10, metavar="N", help="idle: how long (default: 10)")
    parser.add_argument("--fleet", type=numbers, default=[1, 20, 500], metavar="N,…",
                        help="fleet: how many clusters (default: 1,20,500)")  # fmt: skip
    parser.add_argument("--fleet-seconds", type=positive, default=60, metavar="N",
                        help="fleet: how long it is watched when it has settled (default: 60)")  # fmt: skip
    parser.add_argument("--keep", action="store_true", help="leave the local clusters up, for a look around")
    parser.add_argument("--write", action="store_true", help=f"write a part of {page.PAGE.relative_to(paths.ROOT)}")


def run(options: argparse.Namespace) -> None:
    text = "\n".join([_introduction(), *_measure(options)])
    say(f"\n{text}")
    if options.write:
        page.write(text)


def _measure(options: argparse.Namespace) -> list[str]:
    sections = []
    if _CREATE in options.only or _IDLE in options.only:
        cluster = LocalCluster("bench")
        try:
            sections += _with_pods(cluster, options)
        finally:
            _leave(cluster, options.keep)
    if _FLEET in options.only:
        cluster = LocalCluster("bench-fleet")
        try:
            with Progress(1).step("building the operator"):
                operator = programs.build("valkey-operator")
            rows = [fleet.measure(cluster, operator, it, options.fleet_seconds) for it in options.fleet]
            sections.append(fleet.section(rows, options.fleet_seconds))
        finally:
            _leave(cluster, options.keep)
    return sections


def _with_pods(cluster: LocalCluster, options: argparse.Namespace) -> list[str]:
    installed = install(cluster)
    sections = []
    if _CREATE in options.only:
        sections.append(create.section(create.measure(installed, options.shapes, options.runs)))
    if _IDLE in options.only:
        rows = [idle.measure(installed, it, options.idle_minutes) for it in options.clusters]
        sections.append(idle.section(rows, options.idle_minutes))
    return sections


def _leave(cluster: LocalCluster, up: bool) -> None:
    if not up:
        with cluster.alone():
            cluster.down()


def _introduction() -> str:
    return f"""## Clusters

What the operator takes to make ValkeyClusters and to keep them, and what it asks of the API server for that.
`scripts/bench {" ".join(sys.argv[1:])}` wrote this part, with valkey-operator {programs.our_version()} and
{programs.api_server()}, on {page.machine()}.
That machine runs everything: control plane, node, servers and operator.
"""


def shapes(text: str) -> list[Shape]:
    return [_shape(it) for it in text.split(",")]


def _shape(text: str) -> Shape:
    shards, cross, replicas = text.partition("x")
    if not cross or not replicas.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of shards, x and a number of replicas, as in 3x1")
    return Shape(positive(shards), int(replicas))
