"""The README's first command, on a local cluster and on one that exists."""

import subprocess

from project import load, must, run_script
from tools import paths
from tools.cluster.local import LocalCluster


def test_the_demo_ends_with_a_server_that_answers(local_cluster):
    shown = must(run_script("demo", "--name", local_cluster))
    assert "PONG" in shown
    assert shown.index("> SET greeting hello") < shown.index("> GET greeting") < shown.index("hello\n\n")


def test_the_demo_works_on_an_existing_cluster(existing_cluster, request):
    assert "PONG" in must(demo_on_an_existing_cluster(existing_cluster, request))


def demo_on_an_existing_cluster(existing_cluster, request) -> subprocess.CompletedProcess:
    """On the user's own; where none is given, a local one stands in for it."""
    if existing_cluster:
        return run_script("demo", *existing_cluster)
    name = request.getfixturevalue("local_cluster")
    image = load(name, "valkey-sid").reference
    options = [f"--kubeconfig={LocalCluster(name).kubeconfig}", "--context=local", f"--image={image}"]
    return run_script("local-cluster", "--name", name, "exec", paths.ROOT / "scripts/demo", *options)
