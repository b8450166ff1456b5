"""scripts/bench on a real API server, with stand-ins for the programs that it measures."""

import pytest
from tools.bench import kube, measured
from tools.cluster.local import LocalCluster
from tools.console import Failure

OBJECTS = 20
UPDATES = 1000


@pytest.fixture(scope="module")
def cluster():
    made = LocalCluster("component-bench")
    made.down()  # of an interrupted run, one may still be there
    try:
        yield made
    finally:
        made.down()


@pytest.fixture(scope="module")
def stock(cluster):
    return kube.fill(cluster, OBJECTS)


@pytest.fixture
def measure(cluster, stock, tmp_path, monkeypatch):
    """Measures a shell script, without waiting for it to settle."""
    monkeypatch.setattr(measured, "QUIET", 0)

    def one(script: str) -> measured.Figures:
        program = tmp_path / "stand-in"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        write = lambda: kube.load(cluster, "update", UPDATES, OBJECTS)  # noqa: E731
        return measured.measure(cluster, [str(program), "default"], OBJECTS, UPDATES, write)

    return one


SYNCED = f"""echo '{{"event":"synced","objects":{OBJECTS}}}'"""
SEEN = f"""echo '{{"event":"seen","events":{UPDATES},"seconds":0.5}}'"""


def test_objects_are_made_as_users_and_operators_make_them(cluster, stock):
    assert stock.objects == OBJECTS
    assert 3000 < stock.bytes / stock.objects < 4000
    one = cluster.sandbox.run(["kubectl", "--kubeconfig=/mnt/state/pki/admin.kubeconfig", "get", "valkeyclusters",
                               "cache-000007", "--show-managed-fields", "--output=yaml"]).stdout  # fmt: skip
    assert "manager: helm" in one and "manager: valkey-operator" in one
    assert "phase: Ready" in one


def test_a_cluster_is_kept_while_it_has_no_more_than_is_wanted(cluster, stock):
    identity = cluster.identity
    assert kube.fill(cluster, OBJECTS) == stock
    assert cluster.identity == identity


def test_a_program_is_measured(measure):
    lists = "kubectl get --raw '/apis/bench.valkey-operator.dev/v1alpha1/valkeyclusters?limit=500' >/dev/null"
    figures = measure(f"{lists}\n{SYNCED}\n{SEEN}\ncat >/dev/null")
    assert figures.events_per_second == UPDATES / 0.5
    assert 0 < figures.anonymous < figures.steady <= figures.peak
    assert figures.sync > 0
    assert figures.requests == "list limit=500"


def test_a_program_that_ends_early_is_quoted(measure):
    with pytest.raises(Failure, match="stand-in default: the program ended before it was asked to\nwhy it did"):
        measure(f"{SYNCED}\necho why it did >&2")


def test_a_program_that_finds_too_little_is_told(measure):
    with pytest.raises(Failure, match=f"1 objects where there are {OBJECTS}"):
        measure("""echo '{"event":"synced","objects":1}'; cat >/dev/null""")


def test_a_program_that_ends_badly_is_told(measure):
    with pytest.raises(Failure, match="ended with 3"):
        measure(f"{SYNCED}\n{SEEN}\ncat >/dev/null\nexit 3")
