"""The README's first command, on a local cluster and on one that exists."""

import subprocess

import pytest
from project import load, must, run_script
from tools import paths
from tools.cluster.local import LocalCluster
from valkey_clusters import helm


@pytest.fixture(autouse=True)
def no_traces(existing_cluster, request):
    """Else two operators might look after the clusters of one namespace. What a user has is the user's to remove."""
    yield
    if not existing_cluster:
        kubectl = request.getfixturevalue("kubectl")
        # First, as docs/install.md has it: an API server would ask a webhook that is gone before its namespace is.
        helm(request.getfixturevalue("local_cluster"), "uninstall", "demo", "--namespace=valkey-demo", "--ignore-not-found")
        kubectl("delete", "namespace", "valkey-demo", "--ignore-not-found", "--timeout=120s")


def test_the_demo_ends_with_a_server_that_answers(local_cluster):
    shown = must(run_script("demo", "--name", local_cluster))
    for cluster in ("A client of cache:", "A client of vault, over TLS:"):
        asked = shown.partition(cluster)[2]
        assert asked.index("> PING\n  PONG") < asked.index("> SET greeting hello\n  OK") < asked.index("> GET greeting\n  hello")


def test_the_demo_works_on_an_existing_cluster(existing_cluster, request):
    assert "PONG" in must(demo_on_an_existing_cluster(existing_cluster, request))


def demo_on_an_existing_cluster(existing_cluster, request) -> subprocess.CompletedProcess:
    """On the user's own; where none is given, a local one stands in for it."""
    if existing_cluster:
        return run_script("demo", *existing_cluster)
    name = request.getfixturevalue("local_cluster")
    for image in ("valkey-operator", "valkey-webhook", "valkey-sid"):
        load(name, image)
    options = [f"--kubeconfig={LocalCluster(name).kubeconfig}", "--context=local", "--registry=localhost"]
    return run_script("local-cluster", "--name", name, "exec", paths.ROOT / "scripts/demo", *options)
