"""scripts/bench: what our code costs, alone and beside others' that do the same."""

from .. import console, lock, paths
from ..cluster import preflight
from . import cluster, kube


def main() -> None:
    parser = console.Parser(prog="bench", description=__doc__.partition(": ")[2])
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=console.Parser)
    for name, benchmark in (("kube", kube), ("cluster", cluster)):
        about = benchmark.__doc__.partition(": ")[2]
        made = commands.add_parser(name, help=about, description=about)
        benchmark.add_options(made)
        made.set_defaults(run=benchmark.run)
    options = parser.parse_args()
    preflight.want_root()
    with lock.held(paths.STATE / ".bench.lock", "another benchmark"):
        options.run(options)


if __name__ == "__main__":
    console.run("bench", main)
