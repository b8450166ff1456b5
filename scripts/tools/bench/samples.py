"""The objects that caches are filled with: what users write, and what an operator reports about it."""

import hashlib

API = "/apis/bench.valkey-operator.dev/v1alpha1/namespaces/default/valkeyclusters"
_SHARDS = 3
_SLOTS = 16384


def name(number: int) -> str:
    return f"cache-{number:06}"


def created(number: int) -> dict:
    """What a user creates: metadata and spec."""
    return {
        "apiVersion": "bench.valkey-operator.dev/v1alpha1",
        "kind": "ValkeyCluster",
        "metadata": {
            "name": name(number),
            "labels": {
                "app.kubernetes.io/name": "valkey",
                "app.kubernetes.io/instance": name(number),
                "app.kubernetes.io/managed-by": "Helm",
            },
            "annotations": {"meta.helm.sh/release-name": name(number)},
        },
        "spec": {
            "shards": _SHARDS,
            "replicasPerShard": 1,
            "image": {"repository": "docker.io/valkey/valkey", "tag": "9.1.2", "pullPolicy": "IfNotPresent"},
            "config": {"maxmemory-policy": "allkeys-lru", "timeout": "300"},
            "auth": {"passwordSecret": {"name": f"{name(number)}-auth", "key": "password"}},
            "persistence": {"enabled": True, "size": "10Gi", "storageClassName": "fast"},
            "resources": {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "256Mi"}},
            "podLabels": {"team": f"team-{number % 50}"},
            "planPolicy": "Auto",
        },
    }


def reported(number: int) -> dict:
    """What an operator adds: the status of a healthy cluster."""
    return {
        "status": {
            "phase": "Ready",
            "observedGeneration": 1,
            "conditions": _conditions(turn=0),
            "shards": [_shard(number, it) for it in range(_SHARDS)],
            "readyShards": f"{_SHARDS}/{_SHARDS}",
            "slots": f"{_SLOTS}/{_SLOTS}",
            "version": "9.1.2",
            "endpoint": f"{name(number)}.default.svc:6379",
        }
    }


def changed(turn: int) -> dict:
    """A later report, different from every other turn's."""
    return {"status": {"conditions": _conditions(turn)}}


def _conditions(turn: int) -> list[dict]:
    """As long in one turn as in any other."""
    message = f"every shard serves, as seen in turn {turn:020}"
    common = {"observedGeneration": 1, "lastTransitionTime": "2026-01-01T00:00:00Z"}
    return [
        {"type": "Ready", "status": "True", "reason": "Serving", "message": message} | common,
        {"type": "Progressing", "status": "False", "reason": "AsWanted", "message": "nothing to do"} | common,
    ]


def _shard(number: int, shard: int) -> dict:
    first, last = (_SLOTS * it // _SHARDS for it in (shard, shard + 1))
    primary, replica = ({"pod": f"{name(number)}-{shard}-{it}", "nodeId": _node_id(number, shard, it)} for it in range(2))
    return {"name": f"{name(number)}-{shard}", "slots": f"{first}-{last - 1}", "primary": primary, "replicas": [replica]}


def _node_id(*place: int) -> str:
    """40 hexadecimal digits, as Valkey makes them."""
    return hashlib.sha1(repr(place).encode()).hexdigest()
