"""An operator for one namespace, with rights in that alone."""

from project import load
from valkey_clusters import ValkeyCluster, release, until


def test_it_serves_its_namespace_and_no_other(local_cluster, kubectl, namespace):
    load(local_cluster, "valkey-webhook")
    load(local_cluster, "valkey-sid")
    tag = load(local_cluster, "valkey-operator").reference.rpartition(":")[2]
    other = "not-watched"
    kubectl("create", "namespace", other)
    try:
        with release(local_cluster, "mine", namespace, tag, f"watchNamespace={namespace}"):
            ignored = ValkeyCluster(local_cluster, kubectl, other).apply(shards=1, replicasPerShard=0)
            cluster = ValkeyCluster(local_cluster, kubectl, namespace).apply(shards=1, replicasPerShard=0).wait()
            assert ignored.status == {} and ignored.objects() == []
            cluster.delete()
            until(lambda: not cluster.objects(), "all is gone")
    finally:
        kubectl("delete", "namespace", other)
