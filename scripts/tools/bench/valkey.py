"""The ValkeyClusters that are made, and their servers."""

import base64
import json
import re

from ..cluster.local import LocalCluster
from .inside import inside

LABEL = "valkey-operator.dev/cluster"
_CLIENT = "read -r REDISCLI_AUTH && export REDISCLI_AUTH && exec valkey-cli"


def manifest(name: str, shards: int, replicas: int) -> dict:
    """A small one: many of them fit on one machine."""
    return {
        "apiVersion": "valkey-operator.dev/v1alpha1",
        "kind": "ValkeyCluster",
        "metadata": {"name": name},
        "spec": {
            "shards": shards,
            "replicasPerShard": replicas,
            "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}},
        },
    }


def stream(clusters: list[dict]) -> str:
    """As kubectl takes them from its standard input."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": clusters})


class Server:
    """The server of a pod, for whom kubectl can reach it."""

    def __init__(self, cluster: LocalCluster, namespace: str, pod: str, owner: str):
        self._cluster = cluster
        self._kubectl = ("kubectl", f"--namespace={namespace}")
        self._pod = pod
        secret = inside(cluster, *self._kubectl, "get", "secret", f"{owner}-auth", "--output=jsonpath={.data.password}")
        self._password = base64.b64decode(secret).decode() + "\n"

    def say(self, words: str) -> str:
        """The password goes in by standard input: whoever lists processes sees their arguments."""
        client = ("exec", "--stdin", self._pod, "--container=valkey", "--", "sh", "-c", f"{_CLIENT} {words}")
        return inside(self._cluster, *self._kubectl, *client, text=self._password)


def servers(cluster: LocalCluster, namespace: str) -> list[Server]:
    """Of all clusters of the namespace."""
    listed = inside(cluster, "kubectl", f"--namespace={namespace}", "get", "pods", f"--selector={LABEL}", "--output=json")
    metadata = [it["metadata"] for it in json.loads(listed)["items"]]
    return [Server(cluster, namespace, it["name"], it["labels"][LABEL]) for it in metadata]


def calls(commandstats: str) -> dict[str, int]:
    """How often each command was called, by what a server says of it: `cmdstat_cluster|nodes:calls=3,usec=…`."""
    found = re.findall(r"^cmdstat_([^:]+):calls=(\d+)", commandstats, re.MULTILINE)
    return {name: int(number) for name, number in found}
