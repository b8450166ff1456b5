"""Figures as Markdown that can be read on a terminal, too."""

from collections.abc import Sequence
from dataclasses import dataclass

from .measured import Figures
from .usage import Memory

HEAD = (
    "program", "settings", "sync", "CPU to sync", "steady", "of it heap", "Pss", "per object", "peak", "peak ÷ steady",
    "events/s", "CPU an event", "after events",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    program: str
    settings: str
    figures: Figures


@dataclass(frozen=True)
class Stock:
    """What there is to keep: the objects, and their JSON in bytes."""

    objects: int
    bytes: int


def table(rows: Sequence[Row], stock: Stock) -> str:
    """A line a row; in brackets how many times the first row's figure it is."""
    first = rows[0].figures

    def cells(row: Row) -> list[str]:
        it = row.figures
        return [
            row.program,
            row.settings,
            seconds(it.sync) + _times(it.sync, first.sync, row is rows[0]),
            seconds(it.sync_cpu) + _times(it.sync_cpu, first.sync_cpu, row is rows[0]),
            mebibytes(it.steady) + _times(it.steady, first.steady, row is rows[0]),
            mebibytes(it.anonymous),
            mebibytes(it.proportional),
            f"{it.steady / stock.objects:,.0f} B",
            mebibytes(it.peak) + _times(it.peak, first.peak, row is rows[0]),
            f"{it.peak / it.steady:.2f}",
            f"{it.events_per_second:,.0f}",
            f"{it.cpu_per_event * 1e6:.0f} µs" + _times(it.cpu_per_event, first.cpu_per_event, row is rows[0]),
            mebibytes(it.steady_after_events),
        ]

    return aligned([HEAD, *map(cells, rows)])


def aligned(lines: Sequence[Sequence[str]], names: int = 2) -> str:
    """A Markdown table of a head and a body; numbers, in all columns after the `names`, to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = (it.ljust(width) if at < names else it.rjust(width) for at, (it, width) in enumerate(zip(cells, widths, strict=True)))
        return f"| {' | '.join(padded)} |"

    rule = "|".join("-" * (width + 2) if at < names else "-" * (width + 1) + ":" for at, width in enumerate(widths))
    return "\n".join([line(lines[0]), f"|{rule}|", *map(line, lines[1:])])


def section(rows: Sequence[Row], stock: Stock) -> str:
    """Everything about one number of objects."""
    each = stock.bytes / stock.objects
    head = f"### {stock.objects:,} objects, {mebibytes(stock.bytes)} of JSON ({each:,.0f} B each)"
    asked = "\n".join(f"- {row.program}, {row.settings}: {row.figures.requests}" for row in rows)
    return f"{head}\n\n{table(rows, stock)}\n\nWhat each asked of the API server before it was synced:\n\n{asked}\n"


def cost(memory: Memory, cpu_per_minute: float) -> list[str]:
    """Cells: resident, of it heap, proportional, and CPU."""
    sizes = (memory.resident, memory.anonymous, memory.proportional)
    return [*map(mebibytes, sizes), seconds(cpu_per_minute)]


def mebibytes(number: float) -> str:
    return f"{number / 2**20:.1f} MiB"


def seconds(number: float) -> str:
    return f"{number:.2f} s"


def _times(figure: float, first: float, is_first: bool) -> str:
    return "" if is_first or not first else f" ({figure / first:.1f}×)"
