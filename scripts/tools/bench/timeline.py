"""When what happened while a cluster came up, by the objects that a watch showed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Moments:
    """Seconds since the cluster was asked for."""

    objects: float
    """All StatefulSets were there."""
    pods_run: float
    """The last pod's containers ran."""
    pods_ready: float
    """The last pod was ready."""
    ready: float
    """The ValkeyCluster was Ready."""
    running: float
    """Its phase was Running."""

    @property
    def after_run(self) -> float:
        """What the cluster took when all servers ran."""
        return self.ready - self.pods_run

    @property
    def after_pods_ready(self) -> float:
        """Less than nothing where the cluster was Ready first."""
        return self.ready - self.pods_ready


class Timeline:
    def __init__(self, shards: int, pods: int):
        self._wanted = {"objects": shards, "pods_run": pods, "pods_ready": pods, "ready": 1, "running": 1}
        self._first: dict[tuple[str, str], float] = {}

    def hear(self, said: dict) -> bool:
        """Takes note of a change; True once all has happened that is waited for."""
        if said["event"] == "change":
            changed = said["object"]
            for what in _reached(changed):
                self._first.setdefault((what, changed["metadata"]["name"]), said["at"])
        return not self.missing()

    def missing(self) -> list[str]:
        """What has not happened yet, as `pods_run 5/6`."""
        counts = {it: len(self._moments(it)) for it in self._wanted}
        return [f"{it} {counts[it]}/{wanted}" for it, wanted in self._wanted.items() if counts[it] < wanted]

    def since(self, began: float) -> Moments:
        return Moments(**{it: max(self._moments(it)) - began for it in self._wanted})

    def _moments(self, what: str) -> list[float]:
        return [at for (reached, _), at in self._first.items() if reached == what]


def _reached(changed: dict) -> list[str]:
    """What an object shows to have happened."""
    status = changed.get("status", {})
    is_ready = any(it["type"] == "Ready" and it["status"] == "True" for it in status.get("conditions", []))
    match changed["kind"]:
        case "StatefulSet":
            return ["objects"]
        case "Pod":
            containers = status.get("containerStatuses", [])
            runs = bool(containers) and all("running" in it.get("state", {}) for it in containers)
            return ["pods_run"] * runs + ["pods_ready"] * is_ready
        case "ValkeyCluster":
            return ["ready"] * is_ready + ["running"] * (status.get("phase") == "Running")
    return []
