"""What check-layers and check-panic-free share: which files they read, and reading C++ without being fooled by it."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tools.console import Parser

PRODUCT = ("common", "operator", "webhook")

# Comments, raw strings, strings and characters, in the order in which they must be tried. An apostrophe
# between digits separates them; it begins no character.
LITERAL = re.compile(
    r"""//(?:\\\n|[^\n])*|/\*.*?\*/"""
    r"""|(?:\b(?:u8|[uUL])?R)"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)\""""
    r"""|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'""",
    re.DOTALL,
)


class Finding(NamedTuple):
    file: str
    line: int
    wrong: str


def product_files(root: Path) -> Iterator[Path]:
    for folder in PRODUCT:
        yield from sorted(path for path in (root / folder).rglob("*") if path.suffix in (".hpp", ".cpp"))


def _blank(text: str) -> str:
    """Nothing but the line ends of `text`."""
    return " " + "\n" * text.count("\n")


def text_without_comments(text: str) -> str:
    return LITERAL.sub(lambda match: _blank(match[0]) if match[0].startswith("/") else match[0], text)


def code_only(text: str) -> str:
    """`text` without comments and without what its literals say, on unchanged lines."""
    return LITERAL.sub(lambda match: _blank(match[0]) if match[0].startswith("/") else '""' + _blank(match[0]), text)


def report(command: str, purpose: str, findings: Callable[[Path], list[Finding]]) -> None:
    """Runs one check as a command: 0 nothing found, 1 something found, 2 wrong usage."""
    parser = Parser(prog=command, description=purpose)
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).resolve().parents[2],
                        help="the root of the sources (default: this checkout)")
    found = findings(parser.parse_args().root.resolve())
    for finding in found:
        print(f"{finding.file}:{finding.line}: {finding.wrong}", file=sys.stderr)
    if found:
        print(f"{command}: {len(found)} to mend", file=sys.stderr)
    sys.exit(1 if found else 0)
