"""What check-layers and check-panic-free share: which files they read, and reading C++ without being fooled by it."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tools.console import Parser

PRODUCT = ("common", "operator", "webhook")

# Comments, raw strings, strings, numbers and characters, in the order in which they must be tried: an apostrophe
# within a number separates its digits.
LITERAL = re.compile(
    r"""//(?:\\\n|[^\n])*|/\*.*?\*/"""
    r"""|(?:\b(?:u8|[uUL])?R)"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)\""""
    r"""|"(?:\\.|[^"\\\n])*"|\b[0-9](?:'?[0-9a-zA-Z_.])*|(?:\b(?:u8|[uUL]))?'(?:\\.|[^'\\\n])+'""",
    re.DOTALL,
)
INCLUDE = re.compile(r"^[ \t]*#[ \t]*(include\w*)[ \t]*([^\n]*)", re.MULTILINE)


class Finding(NamedTuple):
    file: str
    line: int
    wrong: str


def product_files(root: Path) -> Iterator[Path]:
    for folder in PRODUCT:
        yield from sorted(path for path in (root / folder).rglob("*") if path.suffix in (".hpp", ".cpp"))


def unread(root: Path) -> list[Finding]:
    """The files among product code that no check reads: neither these nor shellcheck."""
    paths = sorted(path for folder in PRODUCT for path in (root / folder).rglob("*") if not path.is_dir())
    return [Finding(path.relative_to(root).as_posix(), 1, "is neither .hpp nor .cpp nor .sh, so that no check reads it")
            for path in paths if path.suffix not in (".hpp", ".cpp", ".sh")]


def _blank(text: str) -> str:
    """Nothing but the line ends of `text`."""
    return " " + "\n" * text.count("\n")


def text_without_comments(text: str) -> str:
    return LITERAL.sub(lambda match: _blank(match[0]) if match[0].startswith("/") else match[0], text)


def code_only(text: str) -> str:
    """`text` without comments, without what its literals say and without what it includes, on unchanged lines."""
    def replaced(match: re.Match) -> str:
        if match[0][0].isdigit():
            return match[0]
        return _blank(match[0]) if match[0].startswith("/") else '""' + _blank(match[0])

    return INCLUDE.sub("", LITERAL.sub(replaced, text))


def report(command: str, purpose: str, findings: Callable[[Path], list[Finding]]) -> None:
    """Runs one check as a command: 0 nothing found, 1 something found, 2 wrong usage."""
    parser = Parser(prog=command, description=purpose)
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).resolve().parents[2],
                        help="the root of the sources (default: this checkout)")
    root = parser.parse_args().root.resolve()
    if not any(product_files(root)):
        sys.exit(f"{command}: {root} has no sources in {', '.join(PRODUCT)}")
    found = unread(root) + findings(root)
    for finding in found:
        print(f"{finding.file}:{finding.line}: {finding.wrong}", file=sys.stderr)
    if found:
        print(f"{command}: {len(found)} to mend", file=sys.stderr)
    sys.exit(1 if found else 0)
