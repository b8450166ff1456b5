"""The operator as users have it: from the chart, in a pod, for all namespaces."""

from pathlib import Path

from .. import chart, target
from ..cluster import cgroups
from ..cluster.layout import AUDIT_LOG
from ..cluster.local import LocalCluster
from ..console import Failure, Progress
from .inside import inside
from .tail import Tail

NAMESPACE = "bench"
"""Where the ValkeyClusters are."""

_RELEASE = "valkey"
_SYSTEM = "valkey-system"
_PROGRAM = "/usr/bin/valkey-operator"


class Installed:
    """A cluster with the operator in it."""

    def __init__(self, cluster: LocalCluster):
        self.cluster = cluster
        self.audited = Tail(cluster.state / AUDIT_LOG)

    @property
    def process(self) -> int:
        """The operator's, as seen from here."""
        found = [it for it in _in_cgroup(cgroups.name(self.cluster.identity)) if _arguments(it)[0] == _PROGRAM]
        if len(found) != 1:
            raise Failure(f"{len(found)} operators run in the cluster {self.cluster.name}, and 1 is expected")
        return found[0]

    def kubectl(self, *words: str, text: str | None = None) -> str:
        return inside(self.cluster, "kubectl", f"--namespace={NAMESPACE}", *words, text=text)

    def remove(self) -> None:
        """Removes all ValkeyClusters, and waits until nothing is left of them."""
        self.kubectl("delete", "valkeyclusters", "--all")
        for kind in ("statefulsets", "pods"):
            self.kubectl("wait", kind, "--all", "--for=delete", "--timeout=180s")
        self.kubectl("delete", "persistentvolumeclaims", "--all")


def install(cluster: LocalCluster) -> Installed:
    """On a cluster that is made anew."""
    with cluster.alone():
        cluster.down()
        cluster.up()
    progress = Progress(2)
    with progress.step("images of the operator, the webhook and Valkey"):
        tag = chart.load_images(cluster)
    with progress.step("helm install"):
        chart.install(target.local(cluster.name), _RELEASE, _SYSTEM, f"image.tag={tag}", "webhook.replicas=1")
        inside(cluster, "kubectl", "create", "namespace", NAMESPACE)
        lease = f"lease/{_RELEASE}-operator"
        inside(cluster, "kubectl", f"--namespace={_SYSTEM}", "wait", lease, "--for=create", "--timeout=60s")
    return Installed(cluster)


def _in_cgroup(name: str) -> list[int]:
    processes = (it for it in Path("/proc").iterdir() if it.name.isdigit())
    return [int(it.name) for it in processes if f"{name}/" in _text(it / "cgroup")]


def _arguments(process: int) -> list[str]:
    return _text(Path(f"/proc/{process}/cmdline")).split("\0")


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""  # the process ended while we looked
