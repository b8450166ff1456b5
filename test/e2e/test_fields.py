"""Every field of a running cluster's spec is changed once, and the change is seen in its servers or objects."""

import base64
import json

import pytest
from valkey_clusters import ValkeyCluster, until

RESOURCES = {"requests": {"cpu": "11m", "memory": "33Mi"}, "limits": {"memory": "200Mi"}}
TERM = {"matchExpressions": [{"key": "no-such-label", "operator": "DoesNotExist"}]}
AFFINITY = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [TERM]}}}
TOLERATION = {"key": "dedicated", "operator": "Equal", "value": "valkey", "effect": "NoSchedule"}
CONSTRAINT = {"maxSkew": 2, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}
EXPORTER = {"repository": "localhost/exporter", "tag": "v2", "pullPolicy": "Never"}


@pytest.fixture(scope="module")
def running(operator, local_cluster, kubectl):
    """One cluster for all of them. A template acts when pods are replaced, so that it keeps running."""
    namespace = "fields"
    kubectl("create", "namespace", namespace)
    try:
        yield ValkeyCluster(local_cluster, kubectl, namespace).apply(shards=1, replicasPerShard=0).wait()
    finally:
        kubectl("delete", "namespace", namespace, "--timeout=120s")


def template(cluster) -> dict:
    return cluster.get("statefulset", "cache-0")["spec"]["template"]


def pod(cluster) -> dict:
    return template(cluster)["spec"]


def container(cluster, name: str = "valkey") -> dict:
    return next((it for it in pod(cluster)["containers"] if it["name"] == name), {})


def config(directive: str):
    return lambda cluster: cluster.config("cache-0-0", directive)


def service(name: str):
    return lambda cluster: cluster.get("service", name)


def exists(kind: str, name: str):
    return lambda cluster: f"{kind}/{name}" in cluster.objects()


FIELDS = {
    "image.repository": ({"image": {"repository": "localhost/valkey"}}, lambda it: container(it)["image"].split(":")[0],
                         "localhost/valkey"),
    "image.tag": ({"image": {"tag": "9.1.99"}}, lambda it: container(it)["image"].split(":")[1], "9.1.99"),
    "image.pullPolicy": ({"image": {"pullPolicy": "Never"}}, lambda it: container(it)["imagePullPolicy"], "Never"),
    "image.pullSecrets": ({"image": {"pullSecrets": [{"name": "mine"}]}}, lambda it: pod(it)["imagePullSecrets"],
                          [{"name": "mine"}]),
    "config": ({"config": {"maxmemory-policy": "allkeys-lru"}}, config("maxmemory-policy"), "allkeys-lru"),
    "config, another value": ({"config": {"maxmemory-policy": "noeviction"}}, config("maxmemory-policy"), "noeviction"),
    "persistence.retain": ({"persistence": {"retain": "Delete"}},
                           lambda it: [owner["kind"] for owner in it.get("persistentvolumeclaim", "data-cache-0-0")[
                               "metadata"].get("ownerReferences", [])], ["ValkeyCluster"]),
    "persistence.size": ({"persistence": {"size": "11Gi"}},
                         lambda it: it.get("persistentvolumeclaim", "data-cache-0-0")["spec"]["resources"]["requests"][
                             "storage"], "11Gi"),
    "persistence.aof.enabled": ({"persistence": {"aof": {"enabled": False}}}, config("appendonly"), "no"),
    "persistence.aof.fsync": ({"persistence": {"aof": {"fsync": "no"}}}, config("appendfsync"), "no"),
    "persistence.rdb.saveRules": ({"persistence": {"rdb": {"saveRules": ["60 7"]}}}, config("save"), "60 7"),
    "persistence.rdb.enabled": ({"persistence": {"rdb": {"enabled": False}}}, config("save"), "save"),
    "resources": ({"resources": RESOURCES}, lambda it: container(it)["resources"], RESOURCES),
    "resources.limits.memory": ({}, config("maxmemory"), str(200 * 2**20 // 100 * 70)),
    "scheduling.nodeSelector": ({"scheduling": {"nodeSelector": {"disk": "ssd"}}}, lambda it: pod(it)["nodeSelector"],
                                {"disk": "ssd"}),
    "scheduling.tolerations": ({"scheduling": {"tolerations": [TOLERATION]}}, lambda it: pod(it)["tolerations"],
                               [TOLERATION]),
    "scheduling.spread": ({"scheduling": {"spread": "Required"}},
                          lambda it: "requiredDuringSchedulingIgnoredDuringExecution" in pod(it)["affinity"][
                              "podAntiAffinity"], True),
    "scheduling.affinity": ({"scheduling": {"affinity": AFFINITY}},
                            lambda it: pod(it)["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"],
                            AFFINITY["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]),
    "scheduling.topologySpreadConstraints": ({"scheduling": {"topologySpreadConstraints": [CONSTRAINT]}},
                                             lambda it: [one["maxSkew"] for one in pod(it)["topologySpreadConstraints"]],
                                             [2]),
    "scheduling.priorityClassName": ({"scheduling": {"priorityClassName": "system-node-critical"}},
                                     lambda it: pod(it)["priorityClassName"], "system-node-critical"),
    "podLabels": ({"podLabels": {"team": "blue"}}, lambda it: template(it)["metadata"]["labels"].get("team"), "blue"),
    "podAnnotations": ({"podAnnotations": {"note": "n"}}, lambda it: template(it)["metadata"]["annotations"].get("note"),
                       "n"),
    "services.client.type": ({"services": {"client": {"type": "NodePort"}}}, lambda it: service("cache")(it)["spec"]["type"],
                             "NodePort"),
    "services.client.annotations": ({"services": {"client": {"annotations": {"a": "b"}}}},
                                    lambda it: service("cache")(it)["metadata"].get("annotations", {}).get("a"), "b"),
    "services.read.enabled": ({"services": {"read": {"enabled": True}}}, exists("service", "cache-read"), True),
    "services.read.type": ({"services": {"read": {"type": "NodePort"}}},
                           lambda it: service("cache-read")(it)["spec"]["type"], "NodePort"),
    "services.read.annotations": ({"services": {"read": {"annotations": {"c": "d"}}}},
                                  lambda it: service("cache-read")(it)["metadata"].get("annotations", {}).get("c"), "d"),
    "metrics.enabled": ({"metrics": {"enabled": True}}, lambda it: container(it, "exporter").get("name"), "exporter"),
    "metrics.image": ({"metrics": {"image": EXPORTER}},
                      lambda it: [container(it, "exporter")[key] for key in ("image", "imagePullPolicy")],
                      ["localhost/exporter:v2", "Never"]),
    "metrics.port": ({"metrics": {"port": 9999}}, lambda it: container(it, "exporter")["ports"][0]["containerPort"], 9999),
    "metrics.resources": ({"metrics": {"resources": {"requests": {"cpu": "1m", "memory": "1Mi"}, "limits": {"memory": "9Mi"}}}},
                          lambda it: container(it, "exporter")["resources"]["limits"], {"memory": "9Mi"}),
    "disruption.podDisruptionBudget": ({"disruption": {"podDisruptionBudget": False}},
                                       lambda it: "poddisruptionbudget.policy/cache-0" in it.objects(), False),
    "tls.enabled, tls.secretName": ({"tls": {"enabled": True, "secretName": "mine"}},
                                    lambda it: [one["secret"]["secretName"] for one in pod(it)["volumes"]
                                                if one["name"] == "tls"], ["mine"]),
    "paused": ({"paused": True}, lambda it: it.status["phase"], "Paused"),
}  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_acts(running, field):
    change, seen, wanted = FIELDS[field]
    if field == "tls.enabled, tls.secretName":
        keys = {key: base64.b64encode(b"none").decode() for key in ("tls.crt", "tls.key", "ca.crt")}
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "mine"}, "data": keys}
        running.kubectl("apply", "--filename=-", text=json.dumps(secret))
    if change:
        running.patch(**change)
    until(lambda: seen(running) == wanted, f"{field} is {wanted}", 60)


def test_every_field_is_among_them(kubectl):
    """Those of users, passwords, TLS and of how many there are have tests of their own."""
    elsewhere = {"shards", "replicasPerShard", "users", "auth", "tls", "planPolicy"}
    definition = json.loads(kubectl("get", "crd", "valkeyclusters.valkey-operator.dev", "--output=json"))
    spec = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
    for name, about in spec.items():
        if name in elsewhere:
            continue
        parts = about.get("properties", {}) if name not in ("resources", "config") else {}
        for field in [f"{name}.{part}" for part in parts] or [name]:
            covered = any(field in known.split(",")[0] for known in FIELDS)
            assert covered or field in ("persistence.enabled", "persistence.storageClassName", "image.allowDowngrade"), field
