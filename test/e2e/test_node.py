"""What pods need of a node: images, names, volumes, certificates."""

import json

import pytest
from project import load, must, run_script
from tools.cluster.layout import NODE_ADDRESS

RESTRICTED = {
    "runAsNonRoot": True,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}


def pod(name: str, image: str, **container) -> str:
    main = {"name": "main", "image": image, "imagePullPolicy": "Never", "securityContext": RESTRICTED} | container
    spec = {"restartPolicy": "Never", "containers": [main]}
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec})


@pytest.mark.parametrize("program", ["valkey-operator", "valkey-webhook"])
def test_our_images_run_under_the_restricted_profile(local_cluster, kubectl, namespace, program):
    image = load(local_cluster, program)
    wanted = pod(program, image.reference, args=["--version"])
    kubectl("apply", f"--namespace={namespace}", "--filename=-", text=wanted)
    succeeded = "--for=jsonpath={.status.phase}=Succeeded"
    kubectl("wait", f"--namespace={namespace}", f"pod/{program}", succeeded, "--timeout=60s")
    assert kubectl("logs", f"--namespace={namespace}", program).startswith(f"{program} 0.")


def test_a_node_port_leads_to_a_pod(local_cluster, kubectl, namespace):
    image = load(local_cluster, "valkey-sid")
    probe = {"exec": {"command": ["valkey-cli", "ping"]}, "periodSeconds": 1}
    wanted = pod("server", image.reference, args=["--protected-mode", "no"], readinessProbe=probe)
    kubectl("apply", f"--namespace={namespace}", "--filename=-", text=wanted)
    kubectl("label", f"--namespace={namespace}", "pod/server", "app=server")
    kubectl("expose", f"--namespace={namespace}", "pod/server", "--type=NodePort", "--port=6379")
    kubectl("wait", f"--namespace={namespace}", "pod/server", "--for=condition=Ready", "--timeout=60s")
    port = kubectl("get", f"--namespace={namespace}", "service/server", "-o", "jsonpath={.spec.ports[0].nodePort}")
    ask = f"until exec 3<>/dev/tcp/{NODE_ADDRESS}/{port}; do :; done 2>/dev/null; echo PING >&3; head -n 1 <&3"
    said = must(run_script("local-cluster", "--name", local_cluster, "exec", "timeout", "20", "bash", "-c", ask))
    assert said.strip() == "+PONG"


@pytest.mark.parametrize("name", ["valkey-sid", "valkey-sid-next", "valkey-trixie", "valkey-bookworm"])
def test_valkey_servers_serve(local_cluster, kubectl, namespace, name):
    image = load(local_cluster, name)
    probe = {"exec": {"command": ["valkey-cli", "ping"]}, "periodSeconds": 1}
    wanted = pod(name, image.reference, readinessProbe=probe)
    kubectl("apply", f"--namespace={namespace}", "--filename=-", text=wanted)
    kubectl("wait", f"--namespace={namespace}", f"pod/{name}", "--for=condition=Ready", "--timeout=60s")
    said = kubectl("exec", f"--namespace={namespace}", name, "--", "valkey-cli", "INFO", "server")
    version = next(it for it in said.splitlines() if it.startswith("valkey_version:")).partition(":")[2].strip()
    assert image.reference.rpartition(":")[2].removesuffix("-next") == version


def test_cert_manager_gives_a_webhook_its_authority(kubectl, namespace, authority):
    kubectl("wait", f"--namespace={namespace}", f"certificate/{authority}", "--for=condition=Ready", "--timeout=30s")
    kind = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration"}
    annotations = {"cert-manager.io/inject-ca-from": f"{namespace}/{authority}"}
    client = {"service": {"name": "nobody", "namespace": namespace}}
    webhook = {"name": "nobody.example.com", "clientConfig": client, "sideEffects": "None", "failurePolicy": "Ignore"}
    wanted = kind | {
        "metadata": {"name": namespace, "annotations": annotations},
        "webhooks": [webhook | {"admissionReviewVersions": ["v1"], "rules": []}],
    }
    kubectl("apply", "--filename=-", text=json.dumps(wanted))
    bundle = "jsonpath={.webhooks[0].clientConfig.caBundle}"
    kubectl("wait", f"validatingwebhookconfiguration/{namespace}", f"--for={bundle}", "--timeout=30s")
    certificate = kubectl("get", f"--namespace={namespace}", f"secret/{authority}", "-o", r"jsonpath={.data.ca\.crt}")
    assert kubectl("get", f"validatingwebhookconfiguration/{namespace}", "-o", bundle) == certificate
    kubectl("delete", f"validatingwebhookconfiguration/{namespace}")
