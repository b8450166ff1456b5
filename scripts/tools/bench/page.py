"""docs/benchmarks.md, a part of which each benchmark writes."""

import os
import platform
from pathlib import Path

from .. import paths
from ..console import say

PAGE = paths.ROOT / "docs" / "benchmarks.md"


def write(part: str) -> None:
    """Puts a part, which begins with its own heading `## …`, where that heading is, or at the end."""
    PAGE.write_text(replaced(PAGE.read_text(), part))
    say(f"written to {PAGE}")


def replaced(page: str, part: str) -> str:
    heading = part.partition("\n")[0]
    begin, *parts = page.split("\n## ")
    texts = {f"## {it.partition(chr(10))[0]}": f"## {it.strip()}" for it in parts}
    texts[heading] = part.strip()
    return "\n\n".join([begin.strip(), *texts.values()]) + "\n"


def machine() -> str:
    cpu = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{os.cpu_count()} cores of {cpu.partition(': ')[2]} with {memory:.0f} GiB, Linux {platform.release()}"
