"""What a client asked of the API server, counted from the audit log."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from .layout import AUDIT_LOG


def count(lines: Iterable[str], user_agent: str) -> Counter[tuple[str, str]]:
    """Requests by (verb, resource) of clients whose user agent begins with `user_agent`."""
    return Counter((it["verb"], resource(it)) for it in events(lines) if it.get("userAgent", "").startswith(user_agent))


def events(lines: Iterable[str]) -> Iterator[dict]:
    """Each request once, as a watch is logged when it begins and again when it ends; broken lines are skipped."""
    seen = set()
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue  # the last line while it is being written
        if event["auditID"] not in seen:
            seen.add(event["auditID"])
            yield event


def resource(event: dict) -> str:
    """As in `statefulsets/status.apps`, or the path of what is none."""
    reference = event.get("objectRef")
    if not reference:
        return event["requestURI"].partition("?")[0]
    parts = [reference.get("resource", ""), reference.get("subresource", "")]
    named = "/".join(it for it in parts if it)
    group = reference.get("apiGroup")
    return f"{named}.{group}" if group else named


def lines(state: Path) -> Iterable[str]:
    """The log's lines, oldest file first."""
    newest = state / AUDIT_LOG
    rotated = sorted(newest.parent.glob(f"{newest.stem}-*{newest.suffix}"))
    for path in [*rotated, newest]:
        if path.exists():
            with path.open() as log:
                yield from log


def table(counts: Counter[tuple[str, str]]) -> str:
    """One row a verb and resource, most frequent first, and the sum."""
    rows = sorted(counts.items(), key=lambda it: (-it[1], it[0]))
    body = [f"{count:>8}  {verb:<8} {resource}" for (verb, resource), count in rows]
    return "\n".join([f"{'REQUESTS':>8}  {'VERB':<8} RESOURCE", *body, f"{counts.total():>8}  in all"])
