"""When the operator first came to each cluster, by the API server's audit log."""

from collections.abc import Iterable
from datetime import datetime

from ..cluster import audit
from .asked import OPERATOR, is_write

_STATUS = "valkeyclusters/status.valkey-operator.dev"


class Firsts:
    """Moments are seconds since 1970; what belongs to a cluster is named after it."""

    def __init__(self, clusters: Iterable[str]):
        self._clusters = set(clusters)
        self.looked: dict[str, float] = {}
        """By cluster, when it was first asked for something of it."""
        self.told: dict[str, float] = {}
        """By cluster, when its status was first written."""
        self.written = 0.0
        """When anything was written last."""

    def hear(self, lines: Iterable[str]) -> None:
        for event in audit.events(lines):
            if event.get("userAgent", "").startswith(OPERATOR) and event.get("responseStatus", {}).get("code", 0) // 100 != 5:
                self._note(event)

    def unlooked(self) -> int:
        """How many clusters it has not come to."""
        return len(self._clusters) - len(self.looked)

    def untold(self) -> int:
        return len(self._clusters) - len(self.told)

    def _note(self, event: dict) -> None:
        at = moment(event["stageTimestamp"])
        if is_write(event["verb"]):
            self.written = max(self.written, at)
        if cluster := self._cluster_of(event.get("objectRef", {}).get("name", "")):
            self.looked.setdefault(cluster, at)
            if audit.resource(event) == _STATUS:
                self.told.setdefault(cluster, at)

    def _cluster_of(self, name: str) -> str | None:
        """`fleet-1` of `fleet-1-auth`."""
        while name not in self._clusters:
            name, dash, _ = name.rpartition("-")
            if not dash:
                return None
        return name


def moment(text: str) -> float:
    """Of RFC 3339, in seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()
