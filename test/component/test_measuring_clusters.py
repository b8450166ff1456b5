"""scripts/bench cluster on a real API server: what it sees of the operator, where no pod comes."""

import json

import pytest
from tools import paths
from tools.bench import fleet, programs
from tools.bench.inside import Visitor, inside
from tools.bench.running import running
from tools.cluster.local import LocalCluster
from tools.console import Failure

CLUSTERS = 3
CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"


@pytest.fixture(scope="module")
def cluster():
    made = LocalCluster("component-bench-cluster")
    try:
        yield made
    finally:
        made.down()


@pytest.fixture(scope="module")
def measured(cluster):
    """A fleet, without waiting for it to settle. The control plane is left as it is then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fleet, "SETTLE", 0)
        yield fleet.measure(cluster, programs.build("valkey-operator"), CLUSTERS, window=1)


def test_each_cluster_gets_its_objects_and_is_told_of(cluster, measured):
    listed = json.loads(inside(cluster, "kubectl", "get", "valkeyclusters,statefulsets", "--output=json"))["items"]
    assert sum(it["kind"] == "StatefulSet" for it in listed) == 3 * CLUSTERS
    statuses = [it["status"] for it in listed if it["kind"] == "ValkeyCluster"]
    assert [it["observedGeneration"] for it in statuses] == [1] * CLUSTERS

    requests = measured.first.asked.requests
    assert requests["patch", "statefulsets.apps"] == 3 * CLUSTERS
    assert requests["patch", "valkeyclusters/status.valkey-operator.dev"] >= CLUSTERS
    assert 0 < measured.first.synced < measured.first.looked <= measured.first.written


def test_a_settled_operator_is_measured(measured):
    assert measured.quiet.seconds >= 1
    assert measured.quiet.asked.for_lease == 0
    assert 0 < measured.quiet.memory.anonymous < measured.quiet.memory.resident
    assert measured.reconciles_per_minute >= 0


def test_an_operator_that_is_started_again_looks_at_each_cluster(measured):
    again = measured.again
    assert 0 < again.synced < again.looked
    assert again.asked.requests["get", "secrets"] >= CLUSTERS
    assert (again.written is None) == (again.asked.writes == 0)


def watch(cluster, path: str):
    program = [str(paths.ROOT / "scripts/tools/run"), "bench.watch", str(cluster.state / "pki"), path]
    return running(cluster, program, cluster.log("bench-watch"))


def test_changes_are_seen_when_they_come(cluster, measured):
    make = Visitor(cluster, "kubectl", "create", "configmap", "made")
    with watch(cluster, CONFIG_MAPS) as it:
        it.await_line(lambda said: said["event"] == "watching")
        make.run()
        seen = it.await_line(lambda said: said["event"] == "change" and said["object"]["metadata"]["name"] == "made")
        assert seen["at"] > 0
        it.end()


def test_a_watch_that_is_refused_is_told(cluster, measured):
    with pytest.raises(Failure, match="404 .*could not find the requested resource"), watch(cluster, "/api/v1/no-such-kind") as it:
        it.await_line(lambda said: said["event"] == "watching")
