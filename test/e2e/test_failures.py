"""What clusters that can't help themselves survive: too few shards to elect, primaries lost at once, one that stands still."""

import json
import time

import pytest
from project import load, must
from tools.cluster.binaries import BIN
from tools.cluster.local import LocalCluster
from valkey_clusters import OPERATOR, check_agreement, kill_the_operator, until

KILL = ("--container=valkey", "--", "sh", "-c", "kill -9 1 || true")


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
        until(lambda: cluster.primary(0) != first, "its replica has taken over")
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
        cluster.kubectl("exec", owner, *KILL)
    until(lambda: all(cluster.primary(shard) not in owners for shard in range(lost)), "replicas have taken over")
    cluster.wait("condition=Degraded=false").wait()
    assert sum(int(cluster.cli(cluster.primary(shard), "DBSIZE")) for shard in range(shards)) == 300
    check_agreement(cluster, shards, 1)


def container(cluster, pod: str) -> str:
    """What containerd calls the one that a server runs in."""
    statuses = cluster.get("pod", pod)["status"]["containerStatuses"]
    return next(it["containerID"] for it in statuses if it["name"] == "valkey").removeprefix("containerd://")


def test_nobody_takes_over_from_a_primary_that_only_stands_still(new, local_cluster):
    """[H58] It may hold what it has acknowledged: with one shard, nobody else can tell."""
    cluster = new(shards=1).wait()
    owner, replica = cluster.primary(0), cluster.replica(0)
    server = container(cluster, owner)
    runtime = LocalCluster(local_cluster).sandbox
    tasks = [str(BIN / "ctr"), "--namespace=k8s.io", "tasks"]
    with cluster.writer() as written:
        must(runtime.run([*tasks, "pause", server]))
        try:
            until(lambda: owner in cluster.condition("ViewComplete")["message"], "it is missed")
            began = time.monotonic()
            while time.monotonic() < began + 15:  # three times the node time-out
                assert "role:slave" in cluster.cli(replica, "INFO", "replication")
                assert cluster.condition("ViewComplete")["status"] == "False"
        finally:
            must(runtime.run([*tasks, "resume", server]))
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
        until(lambda: cluster.primary(0) != first, "its replica has taken over")
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
        owner = cluster.primary(0)
        evict(owner)
        with pytest.raises(AssertionError, match="disruption budget"):
            evict(cluster.replica(0))
        until(lambda: cluster.primary(0) != owner, "its replica has taken over")
        cluster.wait("condition=Degraded=false").wait()
    assert written["lost"] == [], written
