"""What the operator is for: clusters that form, serve, keep what they acknowledged, and go."""

import base64
import json
import random
import re
import time

import pytest
from authority import AUTHORITY
from valkey_clusters import OPERATOR, check_agreement, kill_the_operator, until


@pytest.mark.parametrize(("shards", "replicas"), [(3, 1), (1, 0), (3, 0), (6, 1)])
def test_a_cluster_is_formed_of_any_shape(new, shards, replicas):
    """[H72] It never runs before its pods are ready and its slots served."""
    cluster = new(shards=shards, replicasPerShard=replicas)

    def runs() -> bool:
        status = cluster.status
        if status.get("phase") != "Running":
            return False
        conditions = [it for pod in cluster.pods for it in pod["status"]["conditions"] if it["type"] == "Ready"]
        assert len(conditions) == shards * (1 + replicas)
        assert all(it["status"] == "True" for it in conditions)
        return True

    until(runs, "the cluster runs")
    check_agreement(cluster, shards, replicas)
    assert [it for it in cluster.events if it.startswith("Created: ")]


def test_a_cluster_speaks_tls_alone_with_certificates_of_an_issuer(new):
    """[H64][H47]"""
    cluster = new(tls={"enabled": True, "issuerRef": {"name": "authority"}})
    until(lambda: "to be issued by Issuer authority" in cluster.status.get("message", ""), "the issuer is named")
    cluster.kubectl("apply", "--filename=-", text=AUTHORITY)
    cluster.wait()
    check_agreement(cluster, 3, 1)
    assert cluster.config("cache-0-0", "port") == "0"
    assert cluster.config("cache-0-0", "tls-cluster") == "yes"
    cluster.delete()
    until(lambda: not cluster.objects(), "all of it is gone, the certificate's Secret too")
    assert "secret/cache-tls" not in cluster.kubectl("get", "secrets", "--output=name").split()


def test_what_servers_can_take_they_take_at_once(new):
    """[H35] The file changes after them, and not at all where they refuse."""
    cluster = new(shards=1, replicasPerShard=1).wait()
    pods = [it["metadata"]["name"] for it in cluster.pods]
    started = {it["metadata"]["name"]: it["metadata"]["uid"] for it in cluster.pods}

    def takes(directive: str, value: str) -> None:
        until(lambda: all(cluster.config(pod, directive) == value for pod in pods), f"{directive} {value}")

    file = lambda: cluster.kubectl("get", "configmap", "cache-config", "--output=yaml")  # noqa: E731
    cluster.patch(config={"maxmemory-policy": "allkeys-lru"})
    takes("maxmemory-policy", "allkeys-lru")
    until(lambda: "maxmemory-policy allkeys-lru" in file(), "the file has it")
    cluster.patch(persistence={"aof": {"fsync": "always"}})
    takes("appendfsync", "always")
    cluster.patch(persistence={"aof": {"enabled": False}, "rdb": {"saveRules": ["60 7"]}})
    takes("appendonly", "no")
    takes("save", "60 7")

    cluster.patch(config={"no-such-directive": "1"})
    until(lambda: "refuses no-such-directive" in cluster.status["message"], "the directive is named")
    assert "no-such-directive" not in file()
    assert any(it.startswith("ConfigRefused: ") for it in cluster.events)
    cluster.patch(config={"no-such-directive": None})
    cluster.wait()
    assert {it["metadata"]["name"]: it["metadata"]["uid"] for it in cluster.pods} == started


def test_users_and_passwords_are_taken_without_a_restart(new):
    """[H45]"""
    cluster = new(shards=1, replicasPerShard=0).wait()
    cluster.kubectl("create", "secret", "generic", "app", "--from-literal=password=first")
    user = {"name": "app", "passwordSecrets": [{"name": "app"}], "commands": ["+@all"], "keys": ["app:*"]}
    cluster.patch(users=[user])
    until(lambda: "app" in cluster.cli("cache-0-0", "ACL", "USERS").split(), "the server knows the user", 180)
    assert "~app:*" in cluster.cli("cache-0-0", "ACL", "LIST")


def test_readers_find_replicas_by_a_service_of_their_own(new):
    cluster = new(shards=1, replicasPerShard=1, services={"read": {"enabled": True}}).wait()
    marked = lambda: [it["metadata"]["name"] for it in cluster.pods  # noqa: E731
                      if it["metadata"]["labels"].get("valkey-operator.dev/role") == "replica"]  # fmt: skip
    until(lambda: marked() == [cluster.replica(0)], "the replica is marked")
    cluster.patch(services={"read": {"enabled": False}})
    until(lambda: "service/cache-read" not in cluster.objects() and not marked(), "the Service is gone, and the mark")


def test_no_acknowledged_write_is_lost_by_what_happens_to_pods(new):
    """[H1][H10][H36] A primary deleted, then all pods at once: none comes back where it was."""
    cluster = new().wait()
    with cluster.writer() as written:
        first = cluster.primary(0)
        cluster.kubectl("delete", "pod", first)
        until(lambda: cluster.is_taken_over(0, first), "a replica has taken over")
        cluster.wait()
        cluster.kubectl("delete", "pod", cluster.replica(1))
        cluster.wait("condition=Degraded=false").wait()
        cluster.kubectl("delete", "pods", cluster.selector)
        cluster.wait("condition=Degraded=false").wait()
    assert written["acknowledged"] > 100
    assert written["lost"] == [], written
    assert any(it.startswith("PrimaryChanged: ") for it in cluster.events)


def test_no_acknowledged_write_is_lost_with_a_primarys_volume(new):
    """[H37] Its replica takes over."""
    cluster = new().wait()
    with cluster.writer() as written:
        lost = cluster.primary(2)
        node = cluster.status["shards"][2]["primary"]["nodeId"]
        cluster.kubectl("delete", "persistentvolumeclaim", f"data-{lost}", "--wait=false")
        cluster.kubectl("delete", "pod", lost)
        gone = lambda: node not in json.dumps(cluster.status["shards"])  # noqa: E731
        until(lambda: cluster.is_taken_over(2, lost) and gone(), "the node is forgotten")
        cluster.wait()
    assert written["lost"] == [], written
    check_agreement(cluster, 3, 1)


def test_what_somebody_deletes_or_edits_is_put_back_under_a_writer(new):
    cluster = new(shards=1, replicasPerShard=1).wait()
    before = sorted(it for it in cluster.objects() if not it.startswith("controllerrevision"))
    password = cluster.password()
    with cluster.writer() as written:
        cluster.kubectl("patch", "service", "cache", "--type=merge", '--patch={"spec":{"selector":{"a":"b"}}}')
        cluster.kubectl("patch", "configmap", "cache-config", "--type=merge", '--patch={"data":{"valkey.conf":"x"}}')
        for kind in ("configmap/cache-config", "service/cache-nodes", "poddisruptionbudget/cache-0", "networkpolicy/cache-bus",
                     "secret/cache-auth", "secret/cache-credentials"):  # fmt: skip
            cluster.kubectl("delete", kind)
        cluster.kubectl("delete", "statefulset", "cache-0", "--cascade=orphan")
        until(lambda: sorted(it for it in cluster.objects() if not it.startswith("controllerrevision")) == before,
              "all is there again")  # fmt: skip
        selector = lambda: json.loads(cluster.kubectl("get", "service", "cache", "--output=json"))["spec"]["selector"]  # noqa: E731
        until(lambda: selector() == {"valkey-operator.dev/cluster": "cache"}, "the selector is ours again")
        cluster.wait()
    assert cluster.password() == password
    assert written["lost"] == [], written


def test_a_server_that_is_killed_without_persistence_does_not_empty_its_replica(new):
    """[H57]"""
    cluster = new(persistence={"enabled": False}).wait()
    with cluster.writer() as written:
        first = cluster.primary(0)
        until(lambda: int(cluster.cli(first, "DBSIZE")) > 20, "there is something to lose")
        acknowledged = cluster.cli(first, "DBSIZE")
        cluster.crash(first)
        until(lambda: cluster.is_taken_over(0, first), "its replica has taken over")
        cluster.wait("condition=Degraded=false").wait()
    assert int(cluster.cli(cluster.primary(0), "DBSIZE")) >= int(acknowledged)
    # What is acknowledged in the moment of the crash was in no other server yet: that is replication.
    assert len(written["lost"]) < 5, written


@pytest.mark.parametrize("seed", range(3))
def test_an_operator_that_dies_while_a_cluster_forms_is_replaced(new, kubectl, seed):
    cluster = new(shards=3, replicasPerShard=0)
    step = (lambda: bool(cluster.objects()), lambda: bool(cluster.pods), lambda: bool(cluster.status.get("shards")))[seed]
    until(step, "it is under way")
    kill_the_operator(kubectl)
    cluster.wait()
    check_agreement(cluster, 3, 0)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(20))
def test_an_operator_that_dies_at_any_moment_of_a_creation_is_replaced(new, kubectl, seed):
    cluster = new(shards=3, replicasPerShard=1)
    time.sleep(random.Random(seed).uniform(0, 8))  # the moment is what is random
    kill_the_operator(kubectl)
    cluster.wait()
    check_agreement(cluster, 3, 1)


def test_volumes_go_or_stay_as_it_was_asked(new):
    cluster = new(shards=1, replicasPerShard=0, persistence={"retain": "Delete"}).wait()
    cluster.delete()
    until(lambda: not cluster.objects() and not cluster.volumes(), "all is gone")
    cluster.apply(shards=1, replicasPerShard=0).wait()
    assert cluster.cli("cache-0-0", "SET", "greeting", "hello") == "OK"
    cluster.delete("--wait=false")
    until(lambda: not cluster.objects(), "all but the volume is gone")
    assert cluster.volumes() == ["persistentvolumeclaim/data-cache-0-0"]
    cluster.apply(shards=1, replicasPerShard=0).wait()
    assert cluster.cli("cache-0-0", "GET", "greeting") == "hello"


def test_the_last_spec_says_what_becomes_of_volumes_though_the_cluster_is_paused(new):
    cluster = new(shards=1, replicasPerShard=0, persistence={"retain": "Delete"}).wait()
    cluster.patch(paused=True)
    cluster.patch(persistence={"retain": "Retain"})
    volume = lambda: cluster.get("persistentvolumeclaim", "data-cache-0-0")["metadata"]  # noqa: E731
    until(lambda: "ownerReferences" not in volume(), "the volume is nobody's")
    cluster.delete("--wait=false")
    until(lambda: not cluster.objects(), "all but the volume is gone")
    assert cluster.volumes() == ["persistentvolumeclaim/data-cache-0-0"]


def test_a_cluster_that_never_came_up_goes_too(new):
    """[H44] Paused, and with pods that find no node."""
    cluster = new(shards=1, replicasPerShard=0, resources={"requests": {"memory": "900Gi"}})
    until(lambda: "Insufficient memory" in cluster.status.get("message", ""), "the reason is told")
    cluster.patch(paused=True)
    cluster.wait("jsonpath={.status.phase}=Paused")
    cluster.delete("--cascade=foreground")
    until(lambda: not cluster.objects(), "all is gone")


def test_a_cluster_made_again_at_once_is_another(new):
    """[H14]"""
    cluster = new(shards=1, replicasPerShard=0, persistence={"enabled": False}).wait()
    uid = cluster.pods[0]["metadata"]["uid"]
    cluster.delete()
    cluster.apply(shards=1, replicasPerShard=0, persistence={"enabled": False}).wait()
    assert cluster.pods[0]["metadata"]["uid"] != uid
    check_agreement(cluster, 1, 0)


def test_what_is_missing_is_named_and_taken_when_it_comes(new):
    cluster = new(shards=1, replicasPerShard=0, auth={"passwordSecret": {"name": "mine", "key": "word"}})
    until(lambda: cluster.status.get("phase") == "Pending", "it waits")
    assert re.search("Secret .*/mine is missing", cluster.status["message"])
    assert any(it.startswith("SecretMissing: ") for it in cluster.events)
    cluster.kubectl("create", "secret", "generic", "mine", "--from-literal=word=secret")
    cluster.wait()


def test_what_is_somebody_elses_is_left_alone(new, kubectl, namespace):
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "cache"},
               "spec": {"selector": {"app": "other"}, "ports": [{"name": "web", "port": 80}]}}  # fmt: skip
    kubectl("create", f"--namespace={namespace}", "--filename=-", text=json.dumps(service))
    cluster = new(shards=1, replicasPerShard=0)
    until(lambda: "ObjectInTheWay" in json.dumps(cluster.status), "the Service is named")
    kept = json.loads(cluster.kubectl("get", "service", "cache", "--output=json"))
    assert kept["spec"]["selector"] == {"app": "other"} and "ownerReferences" not in kept["metadata"]
    cluster.kubectl("delete", "service", "cache")
    cluster.wait()


def test_two_clusters_of_one_namespace_stay_two(new):
    """[H55]"""
    one = new("one", shards=1, replicasPerShard=1)
    two = new("two", shards=1, replicasPerShard=1)
    check_agreement(one.wait(), 1, 1)
    check_agreement(two.wait(), 1, 1)


def test_nothing_secret_is_told(new, kubectl):
    """[H46]"""
    cluster = new(shards=1, replicasPerShard=0, metrics={"enabled": False}).wait()
    secrets = json.loads(cluster.kubectl("get", "secret", "cache-credentials", "cache-auth", "--output=json"))["items"]
    encoded = [value for it in secrets for key, value in it["data"].items() if key.endswith("password")]
    assert len(encoded) == 5
    told = cluster.kubectl("get", "valkeyclusters,pods,statefulsets,configmaps,events", "--output=yaml")
    told += kubectl("logs", f"--namespace={OPERATOR}", "--selector=app.kubernetes.io/name=operator", "--tail=-1")
    told += cluster.kubectl("logs", "cache-0-0")
    for value in encoded:
        assert value not in told and base64.b64decode(value).decode() not in told
