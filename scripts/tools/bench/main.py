"""scripts/bench: what our code costs beside others' that do the same."""

from .. import console
from . import kube


def main() -> None:
    parser = console.Parser(prog="bench", description=__doc__.partition(": ")[2])
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=console.Parser)
    about = kube.__doc__.partition(": ")[2]
    made = commands.add_parser("kube", help=about, description=about)
    kube.add_options(made)
    kube.run(parser.parse_args())


if __name__ == "__main__":
    console.run("bench", main)
