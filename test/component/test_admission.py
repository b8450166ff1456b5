"""What people are told by kubectl when they create, change, scale and delete ValkeyClusters: the webhook as a process
beside a real API server. With UPDATE_GOLDEN=1 the file is made to hold what was said."""

import base64
import json
import os
import subprocess
import time

import pytest
from admission_cases import CHANGES, CREATIONS, DELETIONS, SCALES
from project import must, new_cluster, run_script
from tools import paths
from tools.cluster.local import LocalCluster

CLUSTER = "component-admission"
WEBHOOK = paths.ROOT / "build/dev/valkey-webhook"
GOLDEN = paths.ROOT / "test/golden/expected/admission.json"
CONFIGURATIONS = {"Mutating": "mutate", "Validating": "validate"}
STORER = "storer"
"""Whose objects are stored whatever the policies would say."""


def kubectl(*arguments: str, **options) -> subprocess.CompletedProcess:
    return run_script("local-cluster", "--name", CLUSTER, "kubectl", *arguments, **options)


def cluster(spec: dict, annotations: dict | None = None) -> str:
    metadata = {"name": "cache", "annotations": annotations or {}}
    return json.dumps({"apiVersion": "valkey-operator.dev/v1alpha1", "kind": "ValkeyCluster", "metadata": metadata, "spec": spec})


def configuration(kind: str, verb: str, bundle: str) -> dict:
    """The chart's, but for where the webhook is, and whom it lets store what it likes."""
    rule = {"apiGroups": ["valkey-operator.dev"], "apiVersions": ["v1alpha1"]}
    rules = [rule | {"resources": ["valkeyclusters"], "operations": ["CREATE", "UPDATE"]}]
    if verb == "validate":
        rules[0]["resources"] += ["valkeyclusters/scale", "valkeyupgrades"]
        rules.append(rule | {"resources": ["valkeyclusters"], "operations": ["DELETE"]})
    webhook = {
        "name": f"{verb}.valkey-operator.dev",
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "failurePolicy": "Fail",
        "clientConfig": {"url": f"https://127.0.0.1:9443/{verb}", "caBundle": bundle},
        "matchConditions": [{"name": "is-asked", "expression": f"request.userInfo.username != '{STORER}'"}],
        "rules": rules,
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": f"{kind}WebhookConfiguration",
        "metadata": {"name": "valkey"},
        "webhooks": [webhook],
    }


@pytest.fixture(scope="module", autouse=True)
def asked(tmp_path_factory):
    """A control plane, and a webhook that it asks."""
    folder = tmp_path_factory.mktemp("serving")
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    files = ["-keyout", folder / "tls.key", "-out", folder / "tls.crt"]
    subprocess.run(["openssl", "req", "-x509", *curve, *files, "-addext", names], check=True, capture_output=True)
    with new_cluster(CLUSTER, "--control-plane-only"):
        definitions = [f"--filename={paths.ROOT}/crds/{it}.yaml" for it in ("valkeyclusters", "valkeyupgrades")]
        must(kubectl("create", *definitions))
        must(kubectl("wait", "--for=condition=Established", "--timeout=20s", "crd", "--all"))
        command = [str(WEBHOOK), f"--cert-dir={folder}", "--bind-address=127.0.0.1:9443", "--shutdown-delay=0s",
                   "--health-probe-bind-address=127.0.0.1:8081", "--metrics-bind-address=0"]  # fmt: skip
        line, environment = LocalCluster(CLUSTER).visit(command)
        with subprocess.Popen(line, env=environment, stderr=subprocess.PIPE, text=True) as process:
            try:
                while '"for":"reviews"' not in process.stderr.readline():
                    assert process.poll() is None
                ask(base64.b64encode((folder / "tls.crt").read_bytes()).decode())
                yield
            finally:
                process.terminate()
                process.communicate(timeout=20)


def ask(bundle: str) -> None:
    """On return the API server does so, which takes it a moment."""
    for kind, verb in CONFIGURATIONS.items():
        must(kubectl("create", "--filename=-", text=json.dumps(configuration(kind, verb, bundle))))
    deadline = time.monotonic() + 30
    while "90 %" not in created({"resources": {"limits": {"memory": "1Gi"}}, "config": {"maxmemory": "1gb"}}):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def told(done: subprocess.CompletedProcess) -> str:
    return (done.stdout + done.stderr).strip() + f"\n(exit {done.returncode})"


def stored(spec: dict, status: dict, annotations: dict | None = None) -> None:
    """By the definitions alone, whatever the policies would say."""
    storer = (f"--as={STORER}", "--as-group=system:masters")
    must(kubectl("create", *storer, "--filename=-", text=cluster(spec, annotations)))
    if status:
        patch = json.dumps({"status": status})
        must(kubectl("patch", *storer, "valkeycluster/cache", "--subresource=status", "--type=merge", f"--patch={patch}"))


def removed() -> None:
    must(kubectl("delete", f"--as={STORER}", "--as-group=system:masters", "--ignore-not-found", "valkeycluster/cache"))


def created(spec: dict) -> str:
    done = kubectl("create", "--dry-run=server", "--filename=-", text=cluster(spec))
    return told(done)


def expected(section: str, actual: dict[str, str]) -> dict[str, str]:
    """What the file holds of a section."""
    kept = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    if os.environ.get("UPDATE_GOLDEN") == "1":
        kept[section] = actual
        GOLDEN.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    return kept[section]


def test_the_table_is_long_enough():
    assert len(CREATIONS) + len(CHANGES) + len(SCALES) + len(DELETIONS) >= 80


def test_what_is_said_of_new_clusters():
    actual = {name: created(spec) for name, spec in CREATIONS.items()}
    assert actual == expected("creations", actual)


def test_what_is_said_of_changes():
    actual = {}
    for name, (spec, status, change) in CHANGES.items():
        stored(spec, status)
        patch = json.dumps({"spec": change})
        actual[name] = told(kubectl("patch", "valkeycluster/cache", "--type=merge", f"--patch={patch}"))
        removed()
    assert actual == expected("changes", actual)


def test_what_is_said_of_other_numbers_of_shards():
    actual = {}
    for name, (spec, shards) in SCALES.items():
        stored(spec, {})
        actual[name] = told(kubectl("scale", "valkeycluster/cache", f"--replicas={shards}"))
        removed()
    assert actual == expected("scales", actual)


def test_what_is_said_of_deletions():
    actual = {}
    for name, (spec, status, annotations) in DELETIONS.items():
        stored(spec, status, annotations)
        actual[name] = told(kubectl("delete", "valkeycluster/cache"))
        removed()
    assert actual == expected("deletions", actual)


def test_what_is_filled_in_is_stored_and_follows_the_limit():
    must(kubectl("create", "--filename=-", text=cluster({"resources": {"limits": {"memory": "1Gi"}}})))
    read = ("get", "valkeycluster/cache", "--output=jsonpath={.spec.config.maxmemory}")
    assert must(kubectl(*read)) == "751619260"
    limits = json.dumps({"spec": {"resources": {"limits": {"memory": "2Gi"}}}})
    must(kubectl("patch", "valkeycluster/cache", "--type=merge", f"--patch={limits}"))
    assert must(kubectl(*read)) == "1503238520"
    removed()


def test_a_cluster_with_data_goes_with_its_namespace():
    """As the controller deletes it, which is not here."""
    stored({"persistence": {"retain": "Delete"}}, {"shards": [{"name": "cache-0"}]})
    controller = "system:serviceaccount:kube-system:namespace-controller"
    must(kubectl("delete", "valkeycluster/cache", f"--as={controller}", "--as-group=system:masters"))
