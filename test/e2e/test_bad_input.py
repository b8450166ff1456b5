"""What is wrong, missing or taken away: it is named, costs nothing, and is taken when it comes."""

import json
import time
from contextlib import contextmanager

from project import load, run_script
from tools import images
from valkey_clusters import OPERATOR, ValkeyCluster, check_agreement, until

CLUSTERS = "valkeyclusters.valkey-operator.dev"
GUARD = "validatingwebhookconfiguration"


def without_rules(schema):
    """A schema that is left with types and bounds."""
    if isinstance(schema, list):
        return [without_rules(it) for it in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: without_rules(value) for key, value in schema.items() if key != "x-kubernetes-validations"}


@contextmanager
def without_admission(kubectl):
    """As long as the body takes, neither rules nor the webhook see what is stored."""
    spec = json.loads(kubectl("get", "crd", CLUSTERS, "--output=json"))["spec"]
    guards = json.loads(kubectl("get", GUARD, "--selector=app.kubernetes.io/instance=valkey", "--output=json"))

    def define(wanted: dict) -> None:
        patch = [{"op": "replace", "path": "/spec", "value": wanted}]
        kubectl("patch", "crd", CLUSTERS, "--type=json", f"--patch={json.dumps(patch)}")

    for guard in guards["items"]:
        for fact in ("resourceVersion", "uid", "creationTimestamp", "managedFields"):
            guard["metadata"].pop(fact, None)
        kubectl("delete", GUARD, guard["metadata"]["name"])
    define(without_rules(spec))
    try:
        yield
    finally:
        define(spec)
        kubectl("create", "--filename=-", text=json.dumps(guards))


def test_an_invalid_spec_that_got_past_admission_is_named_and_changes_nothing(new, local_cluster, kubectl):
    """[H53]"""
    cluster = new(shards=1, replicasPerShard=1).wait()
    there = lambda: [it["metadata"]["uid"] for it in cluster.pods]  # noqa: E731
    asked = lambda: cluster.get("statefulset", "cache-0")["metadata"]["generation"]  # noqa: E731
    before = there(), asked()
    wrong = json.dumps({"spec": {"tls": {"enabled": True, "secretName": "mine", "issuerRef": {"name": "authority"}}}})
    patch = ("kubectl", f"--namespace={cluster.namespace}", "patch", "valkeycluster", "cache", "--type=merge", f"--patch={wrong}")
    with cluster.writer() as written:
        with without_admission(kubectl):
            stored = lambda: run_script("local-cluster", "--name", local_cluster, *patch).returncode == 0  # noqa: E731
            until(stored, "the API server looks at rules no more")
        cluster.wait("jsonpath={.status.phase}=Failed")
        assert "spec.tls" in cluster.status["message"]
        until(lambda: any(it.startswith("InvalidSpec: spec.tls") for it in cluster.events), "an event names the field")
        told = cluster.version
        began = time.monotonic()
        while time.monotonic() < began + 15:
            assert cluster.version == told, "it is told once"
        assert (there(), asked()) == before
        cluster.patch(tls=None)
        cluster.wait()
    assert written["lost"] == [], written


def test_a_namespace_that_is_deleted_takes_its_cluster_along(operator, local_cluster, kubectl):
    """[H44]"""
    kubectl("create", "namespace", "doomed")
    cluster = ValkeyCluster(local_cluster, kubectl, "doomed").apply(shards=1, replicasPerShard=1).wait()
    assert cluster.cli(cluster.primary(0), "SET", "greeting", "hello") == "OK"
    kubectl("delete", "namespace", "doomed", "--timeout=120s")
    started = "--output=jsonpath={.items[*].status.containerStatuses[*].restartCount}"
    assert set(kubectl("get", "pods", f"--namespace={OPERATOR}", started).split()) == {"0"}


def test_clusters_of_one_name_in_two_namespaces_stay_two(new, local_cluster, kubectl):
    """[H55]"""
    kubectl("create", "namespace", "elsewhere")
    try:
        other = ValkeyCluster(local_cluster, kubectl, "elsewhere").apply(shards=1, replicasPerShard=1)
        check_agreement(new(shards=1, replicasPerShard=1).wait(), 1, 1)
        check_agreement(other.wait(), 1, 1)
    finally:
        kubectl("delete", "namespace", "elsewhere", "--timeout=120s")


def test_a_shard_whose_statefulset_is_deleted_comes_back_with_its_data(new):
    """[H36] With its pods."""
    cluster = new().wait()
    with cluster.writer() as written:
        former = {it["metadata"]["uid"] for it in cluster.pods}
        cluster.kubectl("delete", "statefulset", "cache-1")
        until(lambda: len({it["metadata"]["uid"] for it in cluster.pods} - former) == 2, "its pods are made again")
        cluster.wait("condition=Degraded=false").wait()
    assert written["lost"] == [], written
    check_agreement(cluster, 3, 1)


def test_a_storage_class_that_is_missing_is_named_and_taken_when_it_comes(new, kubectl):
    cluster = new(shards=1, replicasPerShard=0, persistence={"storageClassName": "fast"})
    until(lambda: "StorageClass fast" in cluster.status.get("message", ""), "it is named")
    usual = json.loads(kubectl("get", "storageclasses", "--output=json"))["items"][0]
    usual["metadata"] = {"name": "fast"}
    kubectl("create", "--filename=-", text=json.dumps(usual))
    try:
        cluster.wait()
        cluster.delete()
    finally:
        kubectl("delete", "storageclass", "fast")


def test_an_image_that_is_missing_is_named_and_taken_when_it_comes(new, local_cluster):
    missing = images.ensure("valkey-bookworm").reference
    repository, _, tag = missing.rpartition(":")
    cluster = new(shards=1, replicasPerShard=0, image={"repository": repository, "tag": tag, "allowDowngrade": True})
    until(lambda: missing in cluster.status.get("message", ""), "it is named")
    assert cluster.condition("Degraded")["status"] == "True"
    load(local_cluster, "valkey-bookworm")
    cluster.wait()


def test_a_certificate_that_is_renewed_is_shown_without_a_restart(new, authority):
    """[H47]"""
    cluster = new(shards=1, replicasPerShard=1, tls={"enabled": True, "issuerRef": {"name": authority}}).wait()
    started = [it["metadata"]["uid"] for it in cluster.pods]
    shown = lambda: {cluster.shown_certificate(it) for it in cluster.pods}  # noqa: E731
    before = shown()
    cluster.kubectl("delete", "secret", "cache-tls")
    until(lambda: len(shown()) == 1 and shown() != before, "every server shows the new one", 240)
    cluster.wait()
    assert [it["metadata"]["uid"] for it in cluster.pods] == started
    assert all(it["restartCount"] == 0 for pod in cluster.pods for it in pod["status"]["containerStatuses"])
