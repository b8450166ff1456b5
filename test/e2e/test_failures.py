"""What clusters that can't help themselves survive: too few shards to elect, primaries lost at once, one that stands still."""

import json
import time

import pytest
from project import load
from valkey_clusters import OPERATOR, check_agreement, kill_the_operator, until

@pytest.fixture(scope="module")
def older(local_cluster):
    """A version of Valkey before 9."""
    return load(local_cluster, "valkey-trixie").reference.rpartition(":")[2]


@pytest.mark.parametrize("shards", [1, 2])
def test_a_primary_of_a_cluster_without_a_majority_hands_over_before_it_ends(new, shards):
    """[H56]"""
    cluster = new(shards=shards).wait()
    with cluster.writer() as written:
        first = cluster.primary(0)
        cluster.kubectl("delete", "pod", first)
        until(lambda: cluster.is_taken_over(0, first), "its replica has taken over")
        cluster.wait("condition=Degraded=false").wait()
    assert written["lost"] == [], written
    check_agreement(cluster, shards, 1)


@pytest.mark.parametrize(("shards", "lost"), [(2, 1), (3, 2)])
def test_replicas_of_primaries_that_are_gone_for_good_take_over(new, shards, lost):
    """[H38][H56][H57] Without persistence a server that is killed comes back as another node, and nobody can elect."""
    cluster = new(shards=shards, persistence={"enabled": False}).wait()
    cluster.fill(300)
    owners = [cluster.primary(shard) for shard in range(lost)]
    for owner in owners:
        cluster.crash(owner)
    until(lambda: all(cluster.is_taken_over(shard, owners[shard]) for shard in range(lost)), "replicas have taken over")
    cluster.wait("condition=Degraded=false").wait()
    assert sum(int(cluster.cli(cluster.primary(shard), "DBSIZE")) for shard in range(shards)) == 300
    check_agreement(cluster, shards, 1)


def test_nobody_takes_over_from_a_primary_that_only_stands_still(new):
    """[H58] It may hold what it has acknowledged: with one shard, nobody else can tell."""
    cluster = new(shards=1).wait()
    owner, replica = cluster.primary(0), cluster.replica(0)
    with cluster.writer() as written:
        cluster.task(owner, "pause")
        try:
            until(lambda: owner in cluster.condition("ViewComplete")["message"], "it is missed")
            began = time.monotonic()
            while time.monotonic() < began + 15:  # three times the node time-out
                assert "role:slave" in cluster.cli(replica, "INFO", "replication")
                assert cluster.condition("ViewComplete")["status"] == "False"
        finally:
            cluster.task(owner, "resume")
        cluster.wait("condition=ViewComplete=true").wait()
    assert written["lost"] == [], written


def test_a_server_tells_its_own_address_after_a_restart(new):
    """[H61]"""
    cluster = new(shards=1, replicasPerShard=0).wait()
    before = cluster.pods[0]["metadata"]["uid"]
    cluster.kubectl("delete", "pod", "cache-0-0")
    until(lambda: [it for it in cluster.pods if it["metadata"]["uid"] != before], "it is made again")
    cluster.wait("condition=Degraded=false").wait()
    assert cluster.cli("cache-0-0", "CLUSTER", "SLOTS").split()[2] == cluster.pods[0]["status"]["podIP"]


def test_a_cluster_of_an_older_version_is_formed(new, older):
    """[H66][H49] With users that may do all that Valkey 8.1 asks of them, and no directive that it does not know."""
    cluster = new(image={"tag": older}).wait()
    assert cluster.status["version"] == older
    with cluster.writer() as written:
        first = cluster.primary(0)
        cluster.kubectl("delete", "pod", first)
        until(lambda: cluster.is_taken_over(0, first), "its replica has taken over")
        cluster.wait("condition=Degraded=false").wait()
    assert written["lost"] == [], written
    check_agreement(cluster, 3, 1)


def test_an_operator_that_dies_again_and_again_leaves_no_cluster_half_formed(new, kubectl):
    cluster = new()
    for _ in range(3):
        kill_the_operator(kubectl)
        kubectl("wait", f"--namespace={OPERATOR}", "--for=condition=Ready", "pod",
                "--selector=app.kubernetes.io/name=operator", "--timeout=60s")  # fmt: skip
    cluster.wait()
    check_agreement(cluster, 3, 1)


def test_evictions_take_one_pod_of_a_shard_at_a_time(new):
    """[H43] A primary hands over before it goes."""
    cluster = new(shards=1).wait()

    def evict(pod: str):
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": cluster.namespace}}
        path = f"/api/v1/namespaces/{cluster.namespace}/pods/{pod}/eviction"
        return cluster.kubectl("create", f"--raw={path}", "--filename=-", text=json.dumps(eviction))

    with cluster.writer() as written:
        owner, replica = cluster.primary(0), cluster.replica(0)
        evict(owner)
        with pytest.raises(AssertionError, match="disruption budget"):
            evict(replica)
        until(lambda: cluster.is_taken_over(0, owner), "its replica has taken over")
        cluster.wait("condition=Degraded=false").wait()
    assert written["lost"] == [], written


def test_a_primary_that_crashes_does_not_roll_back_its_replica(new):
    """[H37] Its log may lack what it answered last, and its snapshot much more."""
    cluster = new(persistence={"aof": {"enabled": False}}).wait()
    cluster.fill(300)
    first = cluster.primary(0)
    kept = int(cluster.cli(first, "DBSIZE"))
    cluster.crash(first)
    until(lambda: cluster.is_taken_over(0, first), "its replica has taken over")
    cluster.wait("condition=Degraded=false").wait()
    assert int(cluster.cli(cluster.primary(0), "DBSIZE")) == kept
    check_agreement(cluster, 3, 1)


def test_a_pod_that_finds_no_node_holds_nobody_up(new, kubectl):
    """[H12] The others are placed by hand, on a node that the scheduler gives no more."""
    node = kubectl("get", "nodes", "--output=jsonpath={.items[0].metadata.name}")
    kubectl("cordon", node)
    try:
        cluster = new(persistence={"enabled": False})
        until(lambda: len(cluster.pods) == 6, "all pods are made")
        for pod in cluster.pods:
            if pod["metadata"]["name"] != "cache-2-1":
                cluster.place(pod["metadata"]["name"], node)
        cluster.wait("condition=Ready=true")
        assert cluster.status["slots"] == "16384/16384"
        assert cluster.condition("ViewComplete")["status"] == "True"
        cluster.wait("condition=Degraded=true")
        assert "pod cache-2-1 can't be scheduled" in cluster.condition("Degraded")["message"]
    finally:
        kubectl("uncordon", node)
    cluster.wait("condition=Degraded=false").wait()
    check_agreement(cluster, 3, 1)
