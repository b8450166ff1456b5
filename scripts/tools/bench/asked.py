"""What the operator asked of the API server in some time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ..cluster import audit

OPERATOR = "valkey-operator"
"""How the name begins by which it presents itself."""

_LEASE = "leases.coordination.k8s.io"
_WRITES = ("create", "update", "patch", "delete", "deletecollection")


@dataclass(frozen=True)
class Asked:
    """Watches aside, as these are open all the time."""

    requests: Counter[tuple[str, str]]
    """By verb and resource."""
    for_lease: int
    """Reads and writes of its own lease, which are not among the requests."""

    @property
    def writes(self) -> int:
        return sum(count for (verb, _), count in self.requests.items() if is_write(verb))

    def text(self) -> str:
        """The most frequent first: `6× patch services, get secrets`."""
        if not self.requests:
            return "nothing"
        rows = sorted(self.requests.items(), key=lambda it: (-it[1], it[0]))
        return ", ".join(f"{count}× {verb} {resource}" if count > 1 else f"{verb} {resource}" for (verb, resource), count in rows)


def asked(lines: Iterable[str]) -> Asked:
    """By the lines of an audit log."""
    counted = audit.count(lines, OPERATOR)
    for_lease = sum(count for (_, resource), count in counted.items() if resource == _LEASE)
    others = {it: count for it, count in counted.items() if it[0] != "watch" and it[1] != _LEASE}
    return Asked(Counter(others), for_lease)


def is_write(verb: str) -> bool:
    return verb in _WRITES
