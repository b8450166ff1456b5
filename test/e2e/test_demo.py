"""The README's first command, on a local cluster and on one that exists."""

from project import must, run_script
from tools import paths
from tools.cluster.local import LocalCluster


def test_the_demo_ends_with_a_server_that_answers(local_cluster):
    shown = must(run_script("demo", "--name", local_cluster))
    assert "PONG" in shown
    assert shown.index("> SET greeting hello") < shown.index("> GET greeting") < shown.index("hello\n\n")


def test_the_demo_works_on_an_existing_cluster(local_cluster):
    must(run_script("demo", "--name", local_cluster))
    kubeconfig = LocalCluster(local_cluster).kubeconfig
    demo = [paths.ROOT / "scripts/demo", f"--kubeconfig={kubeconfig}", "--context=local"]
    shown = must(run_script("local-cluster", "--name", local_cluster, "exec", *demo))
    assert "PONG" in shown


def test_the_demo_works_on_the_users_cluster(existing_cluster):
    if existing_cluster:
        assert "PONG" in must(run_script("demo", *existing_cluster))
