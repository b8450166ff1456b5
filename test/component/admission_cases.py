"""Good and bad objects, and what is done with them: by name, in the order in which they are tried."""

_LIMIT = {"limits": {"memory": "1Gi"}}
_FINE = {"resources": _LIMIT}

CREATIONS: dict[str, dict] = {
    # What is fine, and filled in.
    "nothing but a memory limit": _FINE,
    "nothing at all": {},
    "every size that is allowed at most": _FINE | {"shards": 250, "replicasPerShard": 1},
    "directives": _FINE | {"config": {"maxmemory-policy": "allkeys-lru", "maxclients": 100}},
    "a directive of a module": _FINE | {"config": {"search.worker-threads": "2"}},
    "a directive that we do not know": _FINE | {"config": {"something-entirely-new": "2"}},
    "a maxmemory of one's own": _FINE | {"config": {"maxmemory": "512mb"}},
    "a user with rules": _FINE | {"users": [{"name": "app", "commands": ["+@read", "-@dangerous"], "keys": ["app:*"]}]},
    "raw rules": _FINE | {"users": [{"name": "app", "raw": ["~a", "%R~b", "&c", "+get", "resetpass"]}]},
    "TLS by an issuer": _FINE | {"tls": {"enabled": True, "issuerRef": {"name": "ca"}}},
    "TLS by a Secret": _FINE | {"tls": {"enabled": True, "secretName": "mine"}},
    "no persistence, but replicas": _FINE | {"persistence": {"enabled": False}},
    "labels of one's own": _FINE | {"podLabels": {"team": "blue"}},
    "an image by its digest": _FINE | {"image": {"tag": "9.1.2@sha256:" + "a" * 64}},
    "a newer version than we know, with its directive": _FINE | {"image": {"tag": "10.0.0"}, "config": {"maxmemry": "1"}},
    # What is legal, and warned of.
    "one shard": _FINE | {"shards": 1},
    "two shards": _FINE | {"shards": 2},
    "no replicas": _FINE | {"replicasPerShard": 0},
    "neither replicas nor persistence": _FINE | {"replicasPerShard": 0, "persistence": {"enabled": False}},
    "latest": _FINE | {"image": {"tag": "latest"}},
    "a password in clear": _FINE | {"users": [{"name": "app", "raw": [">hunter2"]}]},
    "all risks at once": {"shards": 1, "replicasPerShard": 0, "persistence": {"enabled": False}, "image": {"tag": "latest"}},
    # What the definitions refuse.
    "no shards": _FINE | {"shards": 0},
    "too many shards": _FINE | {"shards": 251},
    "too many replicas": _FINE | {"replicasPerShard": 6},
    "fewer than no replicas": _FINE | {"replicasPerShard": -1},
    "too many pods": _FINE | {"shards": 250, "replicasPerShard": 2},
    "shards in words": _FINE | {"shards": "many"},
    "no tag": _FINE | {"image": {"tag": ""}},
    "a tag that is none": _FINE | {"image": {"tag": ":"}},
    "a repository with a tag": _FINE | {"image": {"repository": "valkey:9"}},
    "a pull policy that does not exist": _FINE | {"image": {"pullPolicy": "Sometimes"}},
    "a pull secret twice": _FINE | {"image": {"pullSecrets": [{"name": "a"}, {"name": "a"}]}},
    "a directive that is the operator's": _FINE | {"config": {"port": "1"}},
    "a directive in capitals": _FINE | {"config": {"MaxClients": "1"}},
    "a directive of two lines": _FINE | {"config": {"maxclients": "1\nport 2"}},
    "a Secret's name in capitals": _FINE | {"auth": {"passwordSecret": {"name": "Mine"}}},
    "a Secret's key with a slash": _FINE | {"auth": {"passwordSecret": {"name": "mine", "key": "a/b"}}},
    "the user default": _FINE | {"users": [{"name": "default"}]},
    "a user of the operator's": _FINE | {"users": [{"name": "valkey-operator"}]},
    "a user twice": _FINE | {"users": [{"name": "a"}, {"name": "a"}]},
    "a user without a name": _FINE | {"users": [{"commands": ["+get"]}]},
    "two commands in one word": _FINE | {"users": [{"name": "a", "commands": ["+get +set"]}]},
    "TLS without a certificate": _FINE | {"tls": {"enabled": True}},
    "TLS with two certificates": _FINE | {"tls": {"enabled": True, "secretName": "a", "issuerRef": {"name": "b"}}},
    "renewed after its end": _FINE | {"tls": {"duration": "2h", "renewBefore": "3h"}},
    "a certificate for minutes": _FINE | {"tls": {"duration": "30m", "renewBefore": "10m"}},
    "a duration that is none": _FINE | {"tls": {"duration": "long"}},
    "a size that is none": _FINE | {"persistence": {"size": "big"}},
    "a storage class in capitals": _FINE | {"persistence": {"storageClassName": "Fast"}},
    "a save rule of one number": _FINE | {"persistence": {"rdb": {"saveRules": ["300"]}}},
    "no save rule": _FINE | {"persistence": {"rdb": {"saveRules": []}}},
    "fsync at times": _FINE | {"persistence": {"aof": {"fsync": "sometimes"}}},
    "a memory limit that is none": {"resources": {"limits": {"memory": "much"}}},
    "a node selector that is none": _FINE | {"scheduling": {"nodeSelector": {"disk": "-"}}},
    "a label that selects": _FINE | {"podLabels": {"app.kubernetes.io/instance": "other"}},
    "a label of the operator's": _FINE | {"podLabels": {"valkey-operator.dev/cluster": "other"}},
    "an annotation of the operator's": _FINE | {"podAnnotations": {"valkey-operator.dev/x": ""}},
    "the server's port for metrics": _FINE | {"metrics": {"port": 6379}},
    "a port below 1024": _FINE | {"metrics": {"port": 80}},
    "a plan policy that does not exist": _FINE | {"planPolicy": "Ask"},
    # What the policies refuse.
    "data in all of the memory": _FINE | {"config": {"maxmemory": "1gb"}},
    "no bound within a limit": _FINE | {"config": {"maxmemory": "0"}},
    "a maxmemory as Kubernetes writes it": _FINE | {"config": {"maxmemory": "512Mi"}},
    "a request above its limit": {"resources": {"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}}},
    "a request of the exporter above its limit": _FINE
    | {"metrics": {"enabled": True, "resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}}},
    "a typing error in a directive": _FINE | {"config": {"maxmemory-polcy": "allkeys-lru"}},
    "typing errors in two directives": _FINE | {"config": {"maxclient": "1", "tcp-keepalives": "1"}},
    "a command without a sign": _FINE | {"users": [{"name": "a", "commands": ["get"]}]},
    "a command that names none": _FINE | {"users": [{"name": "a", "commands": ["+"]}]},
    "a subcommand that is none": _FINE | {"users": [{"name": "a", "commands": ["+config|"]}]},
    "a typing error in a category": _FINE | {"users": [{"name": "a", "commands": ["+@dangrous"]}]},
    "a typing error in a raw rule": _FINE | {"users": [{"name": "a", "raw": ["alkeys"]}]},
    "a hash that is none": _FINE | {"users": [{"name": "a", "raw": ["#hunter2"]}]},
    "several mistakes at once": {
        "shards": 1,
        "config": {"maxmemory": "2gb", "maxmemory-polcy": "x"},
        "users": [{"name": "a", "commands": ["get"]}],
        "resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1", "memory": "1Gi"}},
    },
}
"""By name, a spec."""

_RUNNING = {"shards": [{"name": "cache-0"}], "version": "9.1.2"}
_UPGRADING = _RUNNING | {"operation": {"kind": "Upgrading"}}
_RETAINED = {"persistence": {"retain": "Retain"}}
_BAD = {"config": {"maxmemory": "1gb"}, "users": [{"name": "a", "commands": ["get"]}]}

CHANGES: dict[str, tuple[dict, dict, dict]] = {
    "more shards": (_FINE, {}, {"shards": 4}),
    "fewer shards": (_FINE | {"shards": 5}, _RUNNING, {"shards": 3}),
    "a larger volume": (_FINE, _RUNNING, {"persistence": {"size": "20Gi"}}),
    "a smaller volume": (_FINE, _RUNNING, {"persistence": {"size": "9Gi"}}),
    "persistence taken away": (_FINE, _RUNNING, {"persistence": {"enabled": False}}),
    "another storage class": (_FINE, _RUNNING, {"persistence": {"storageClassName": "fast"}}),
    "a newer version": (_FINE, _RUNNING, {"image": {"tag": "9.1.3"}}),
    "an older version": (_FINE, _RUNNING, {"image": {"tag": "9.0.1"}}),
    "an older version on request": (_FINE, _RUNNING, {"image": {"tag": "9.0.1", "allowDowngrade": True}}),
    "a version that never ran taken back": (_FINE | {"image": {"tag": "9.9.9"}}, _RUNNING, {"image": {"tag": "9.1.2"}}),
    "more shards during an upgrade": (_FINE, _UPGRADING, {"shards": 4}),
    "a directive during an upgrade": (_FINE, _UPGRADING, {"config": {"hz": "20"}}),
    "a pause during an upgrade": (_FINE, _UPGRADING, {"paused": True}),
    "an old mistake left alone": (_FINE | _BAD, {}, {"paused": True}),
    "an old mistake made worse": (_FINE | _BAD, {}, {"config": {"maxmemory": "2gb"}}),
    "an old mistake mended": (_FINE | _BAD, {}, {"config": {"maxmemory": "512mb"}}),
    "another memory limit": (_FINE, {}, {"resources": {"limits": {"memory": "2Gi"}}}),
}
"""By name, a spec as it was stored, whoever let it in; a status; and a merge patch of the spec."""

SCALES: dict[str, tuple[dict, int]] = {
    "scaled out": (_FINE, 4),
    "scaled in": (_FINE | {"shards": 5}, 3),
    "scaled in to one": (_FINE, 1),
    "scaled to none": (_FINE, 0),
    "scaled beyond all bounds": (_FINE, 300),
}
"""By name, a spec, and a number of shards."""

_LOSING = _FINE | {"persistence": {"retain": "Delete"}}

DELETIONS: dict[str, tuple[dict, dict, dict]] = {
    "volumes stay": (_FINE, _RUNNING, {}),
    "volumes would go": (_LOSING, _RUNNING, {}),
    "volumes would go, but there are none yet": (_LOSING, {}, {}),
    "volumes go on purpose": (_LOSING, _RUNNING, {"valkey-operator.dev/confirm-deletion": "cache"}),
    "volumes go, another cluster's": (_LOSING, _RUNNING, {"valkey-operator.dev/confirm-deletion": "other"}),
}
"""By name, a spec, a status, and annotations."""
