"""The chart and the images of this checkout, on a cluster."""

import time

from . import images, paths
from .cluster.local import LocalCluster
from .console import Failure
from .target import Target

CHART = paths.ROOT / "charts/valkey-operator"
_IMAGES = ("valkey-operator", "valkey-webhook", "valkey-sid")


def load_images(cluster: LocalCluster) -> str:
    """Makes both programs' and Valkey's unless they are up to date, gives them to the node, and returns our tag."""
    made = {name: images.ensure(name) for name in _IMAGES}
    for image in made.values():
        cluster.load(image.archive)
    return tag(made["valkey-operator"].reference)


def tag(reference: str) -> str:
    return reference.rpartition(":")[2]


def install(cluster: Target, release: str, namespace: str, *settings: str) -> None:
    """Installs or upgrades a release, and waits until its pods are ready, and API servers trust its webhook."""
    cluster.helm("upgrade", "--install", release, str(CHART), f"--namespace={namespace}", "--create-namespace",
                 "--take-ownership", "--wait", "--timeout=120s", *(f"--set={it}" for it in settings))  # fmt: skip
    watched = [it.removeprefix("watchNamespace=") for it in settings if it.startswith("watchNamespace=")]
    _await_webhook(cluster, *(watched or ["default"]))


_SMALLEST = '{"apiVersion": "valkey-operator.dev/v1alpha1", "kind": "ValkeyCluster", "metadata": {"name": "a"}, "spec": {}}'


def _await_webhook(cluster: Target, namespace: str) -> None:
    """Until cert-manager has told API servers whom to trust, they ask in vain."""
    deadline = time.monotonic() + 60
    while True:
        try:
            cluster.kubectl(f"--namespace={namespace}", "create", "--dry-run=server", "--filename=-", text=_SMALLEST)
            return
        except Failure:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.5)
