"""The chart and the images of this checkout, on a cluster."""

from . import images, paths
from .cluster.local import LocalCluster
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
    """Installs or upgrades a release, and waits until its pods are ready."""
    cluster.helm("upgrade", "--install", release, str(CHART), f"--namespace={namespace}", "--create-namespace",
                 "--take-ownership", "--wait", "--timeout=120s", *(f"--set={it}" for it in settings))  # fmt: skip
