"""A ValkeyCluster in a local Kubernetes, and what may be done to it."""

import base64
import json
import subprocess
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from project import must, run_script
from tools import paths
from tools.cluster.binaries import BIN
from tools.cluster.local import LocalCluster

_SMALL = {"requests": {"cpu": "10m", "memory": "32Mi"}}
_WRITER = Path(__file__).parent / "verifying_writer.py"
OPERATOR = "operator-e2e"
"""The namespace of the operator that the tests of clusters share."""

_CLIENT = "read -r REDISCLI_AUTH; export REDISCLI_AUTH; exec valkey-cli"


class ValkeyCluster:
    def __init__(self, local: str, kubectl: Callable[..., str], namespace: str, name: str = "cache"):
        self._local = local
        self._kubectl = kubectl
        self.namespace = namespace
        self.name = name
        self._tls = False

    def kubectl(self, *arguments: str, **options) -> str:
        return self._kubectl(f"--namespace={self.namespace}", *arguments, **options)

    def apply(self, **spec) -> "ValkeyCluster":
        self._tls = spec.get("tls", {}).get("enabled", False)
        wanted = {
            "apiVersion": "valkey-operator.dev/v1alpha1",
            "kind": "ValkeyCluster",
            "metadata": {"name": self.name},
            "spec": {"resources": _SMALL} | spec,
        }
        self.kubectl("apply", "--server-side", "--filename=-", text=json.dumps(wanted))
        return self

    def patch(self, **spec) -> None:
        self.kubectl("patch", "valkeycluster", self.name, "--type=merge", f"--patch={json.dumps({'spec': spec})}")

    def delete(self, *options: str) -> None:
        """On purpose, whatever becomes of its data."""
        confirmed = f"valkey-operator.dev/confirm-deletion={self.name}"
        if self.kubectl("get", "valkeycluster", self.name, "--ignore-not-found", "--output=name"):
            self.kubectl("annotate", "--overwrite", "valkeycluster", self.name, confirmed)
        self.kubectl("delete", "valkeycluster", self.name, "--timeout=60s", *options)

    def wait(self, what: str = "jsonpath={.status.phase}=Running", seconds: int = 180) -> "ValkeyCluster":
        self.kubectl("wait", f"valkeycluster/{self.name}", f"--for={what}", f"--timeout={seconds}s")
        return self

    @property
    def status(self) -> dict:
        return self.get("valkeycluster", self.name).get("status", {})

    @property
    def version(self) -> str:
        return self.get("valkeycluster", self.name)["metadata"]["resourceVersion"]

    @property
    def pods(self) -> list[dict]:
        return json.loads(self.kubectl("get", "pods", self.selector, "--output=json"))["items"]

    @property
    def selector(self) -> str:
        return f"--selector=valkey-operator.dev/cluster={self.name}"

    @property
    def events(self) -> list[str]:
        """Reason and note of each."""
        all_events = json.loads(self.kubectl("get", "events.events.k8s.io", "--output=json"))["items"]
        ours = [it for it in all_events if it.get("regarding", {}).get("kind") == "ValkeyCluster"]
        return [f"{it['reason']}: {it['note']}" for it in ours if it["regarding"]["name"] == self.name]

    def password(self) -> str:
        return base64.b64decode(self.get("secret", f"{self.name}-auth")["data"]["password"]).decode()

    def cli(self, pod: str, *command: str, more: str = "") -> str:
        """What the server in a pod answers; to `more` commands, a line each, where `command` is none."""
        tls = "--tls --cacert /etc/valkey/tls/ca.crt" if self._tls else ""
        script = f"{_CLIENT} {tls} {' '.join(command)}"
        asked = ("exec", "--stdin", pod, "--container=valkey", "--", "sh", "-c", script)
        return self.kubectl(*asked, text=f"{self.password()}\n{more}").strip()

    def nodes(self, pod: str) -> list[list[str]]:
        """CLUSTER NODES, a list of words each."""
        return [line.split() for line in self.cli(pod, "CLUSTER", "NODES").splitlines()]

    def config(self, pod: str, directive: str) -> str:
        return self.cli(pod, "CONFIG", "GET", directive).splitlines()[-1]

    def condition(self, kind: str) -> dict:
        return next(it for it in self.status["conditions"] if it["type"] == kind)

    def fill(self, count: int) -> None:
        """As many keys, and their copies in every replica."""
        commands = "".join(f"SET key{number} value\n" for number in range(count))
        self.cli(self.pods[0]["metadata"]["name"], "-c", more=commands)
        replicas = [it["pod"] for shard in self.status["shards"] for it in shard["replicas"]]
        until(lambda: sum(int(self.cli(pod, "DBSIZE")) for pod in replicas) == count, "replicas have all keys")

    def place(self, pod: str, node: str) -> None:
        """Does the scheduler's work for a pod."""
        target = {"apiVersion": "v1", "kind": "Node", "name": node}
        binding = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": pod}, "target": target}
        where = f"/api/v1/namespaces/{self.namespace}/pods/{pod}/binding"
        self.kubectl("create", f"--raw={where}", "--filename=-", text=json.dumps(binding))

    def primary(self, shard: int) -> str:
        return self.status["shards"][shard]["primary"]["pod"]

    def is_taken_over(self, shard: int, former: str) -> bool:
        """Whether another than the former one is its primary; for a while nobody may be."""
        primary = self.status["shards"][shard].get("primary") or {}
        return primary.get("pod", former) != former

    def replica(self, shard: int) -> str:
        return self.status["shards"][shard]["replicas"][0]["pod"]

    def task(self, pod: str, *command: str) -> None:
        """Has the container runtime do something to a server: from within its container no signal ends it."""
        statuses = self.get("pod", pod)["status"]["containerStatuses"]
        server = next(it["containerID"] for it in statuses if it["name"] == "valkey").removeprefix("containerd://")
        runtime = [str(BIN / "ctr"), "--namespace=k8s.io", "tasks"]
        must(LocalCluster(self._local).sandbox.run([*runtime, *command, server]))

    def crash(self, pod: str) -> None:
        self.task(pod, "kill", "--signal=SIGKILL")

    def shown_certificate(self, pod: dict) -> str:
        """The serial number of what a pod's server shows who connects to it."""
        asked = f"openssl s_client -connect {pod['status']['podIP']}:6379 </dev/null 2>/dev/null | openssl x509 -noout -serial"
        line, environment = LocalCluster(self._local).visit(["sh", "-c", asked])
        return must(subprocess.run(line, env=environment, capture_output=True, text=True, timeout=60)).strip()

    def objects(self) -> list[str]:
        """All that is left of it, volumes aside."""
        kinds = "all,configmaps,secrets,poddisruptionbudgets,networkpolicies,certificates.cert-manager.io"
        return self.kubectl("get", kinds, self.selector, "--output=name").split()

    def volumes(self) -> list[str]:
        return self.kubectl("get", "persistentvolumeclaims", self.selector, "--output=name").split()

    @contextmanager
    def writer(self, rate: int = 200):
        """Writes during the body. Afterwards the summary, which is given at once, has been filled in."""
        local = LocalCluster(self._local)
        command = ["python3", "-B", str(_WRITER), f"{self.name}.{self.namespace}.svc", f"--rate={rate}"]
        line, environment = local.visit(command)
        summary: dict = {}
        with subprocess.Popen(line, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                process.stdin.write(self.password() + "\n")
                process.stdin.flush()
                assert process.stdout.readline() == "writing\n"
                yield summary
                process.stdin.close()
                summary.update(json.loads(process.stdout.read()))
            finally:
                process.kill()

    def get(self, kind: str, name: str) -> dict:
        return json.loads(self.kubectl("get", kind, name, "--output=json"))


def until(holds: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Asks until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.2)


def helm(local: str, *arguments: str) -> str:
    return must(run_script("local-cluster", "--name", local, "exec", "helm", *arguments))


def _is_answered(local: str, namespace: str) -> bool:
    """Whether API servers have heard from cert-manager whom to trust."""
    wanted = {"apiVersion": "valkey-operator.dev/v1alpha1", "kind": "ValkeyCluster", "metadata": {"name": "a"}, "spec": {}}
    asked = ("kubectl", f"--namespace={namespace}", "create", "--dry-run=server", "--filename=-")
    return run_script("local-cluster", "--name", local, *asked, text=json.dumps(wanted)).returncode == 0


@contextmanager
def release(local: str, name: str, namespace: str, tag: str, *settings: str):
    """The chart, for as long as the body takes."""
    chart = str(paths.ROOT / "charts/valkey-operator")
    webhook = "--set=webhook.replicas=1,webhook.shutdownDelay=1s"
    common = [f"--namespace={namespace}", f"--set=image.tag={tag}", webhook, "--take-ownership", "--wait"]
    helm(local, "install", name, chart, *common, "--timeout=120s", *(f"--set={it}" for it in settings))
    watched = [it.removeprefix("watchNamespace=") for it in settings if it.startswith("watchNamespace=")]
    until(lambda: _is_answered(local, *(watched or ["default"])), "API servers trust the webhook")
    try:
        yield
    finally:
        helm(local, "uninstall", name, f"--namespace={namespace}", "--wait")


def kill_the_operator(kubectl) -> None:
    """As the kernel would: without a word."""
    kubectl("delete", "pod", f"--namespace={OPERATOR}", "--selector=app.kubernetes.io/name=operator", "--grace-period=0",
            "--force")  # fmt: skip


def check_agreement(cluster: ValkeyCluster, shards: int, replicas: int) -> None:
    """[H11] What the status says is what each server says."""
    status = cluster.status
    assert status["readyShards"] == f"{shards}/{shards}"
    assert status["slots"] == "16384/16384"
    owners = {it["primary"]["nodeId"]: it["slots"] for it in status["shards"]}
    assert len(owners) == shards
    assert all(len(it["replicas"]) == replicas for it in status["shards"])
    for pod in cluster.pods:
        nodes = cluster.nodes(pod["metadata"]["name"])
        assert len(nodes) == shards * (1 + replicas)
        assert {it[0]: " ".join(it[8:]) for it in nodes if it[8:]} == owners
        epochs = [it[6] for it in nodes if it[8:]]
        assert len(set(epochs)) == shards, "[H39] epochs are told apart"
