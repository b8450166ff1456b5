"""scripts/demo: from a bare machine to a Kubernetes with Valkey clusters answering in it."""

import base64
import time
from pathlib import Path

from . import chart, command, console, images, target
from .cluster import preflight
from .cluster.local import LocalCluster, cluster_name
from .console import Failure, Progress, say
from .target import Target

_SAMPLE = Path(__file__).parent / "samples" / "demo.yaml"
_NAMESPACE = "valkey-demo"
_CLIENT = "read -r REDISCLI_AUTH && export REDISCLI_AUTH && exec valkey-cli -c"
_TLS = "--tls --cacert /etc/valkey/tls/ca.crt"
_CLUSTERS = {"cache": "", "vault": _TLS}
"""By name, what a client needs to be told beside the password."""


def _bring_up(name: str) -> str:
    """Installs, builds and starts what is missing, and returns the tag of our images in the cluster."""
    preflight.want_root()
    command.setup()
    cluster = LocalCluster(name)
    with cluster.alone():
        cluster.up()
        with Progress(1).step("images of the operator, the webhook and Valkey"):
            return chart.load_images(cluster)


def _install(cluster: Target, registry: str, tag: str) -> None:
    """For the demonstration's own namespace, so that no other operator's clusters are touched."""
    settings = [f"image.registry={registry}", f"image.tag={tag}", f"watchNamespace={_NAMESPACE}", "webhook.replicas=1"]
    chart.install(cluster, "demo", _NAMESPACE, *settings)


def _run_clusters(cluster: Target, registry: str, tag: str) -> None:
    progress = Progress(3)
    with progress.step("helm install"):
        _install(cluster, registry, tag)
    with progress.step("kubectl apply"):
        _in_demo(cluster, "apply", "--filename=-", text=_SAMPLE.read_text())
    with progress.step("Valkey clusters"):
        _in_demo(cluster, "wait", "valkeyclusters", "--all", "--for=condition=Ready", "--timeout=300s")
        for name in _CLUSTERS:
            _await_service(cluster, name)


def _await_service(cluster: Target, name: str) -> None:
    """A Service leads to a pod some time after the pod is ready, which no object tells."""
    deadline = time.monotonic() + 30
    while True:
        try:
            _valkey(cluster, name, "PING")
            return
        except Failure:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def _show(cluster: Target) -> None:
    say("\nWhat runs:")
    say(_in_demo(cluster, "get", "valkeyclusters,pods"))
    for name, options in _CLUSTERS.items():
        say(f"A client of {name}{', over TLS' if options else ''}:")
        for line in ("PING", "SET greeting hello", "GET greeting"):
            say(f"  > {line}\n  {_valkey(cluster, name, line)}")
        if _valkey(cluster, name, "GET greeting") != "hello":
            raise Failure(f"{name} does not give back what was written to it")


def _valkey(cluster: Target, name: str, line: str) -> str:
    """The password goes in by standard input: whoever lists processes sees their arguments."""
    encoded = _in_demo(cluster, "get", "secret", f"{name}-auth", "--output=jsonpath={.data.password}")
    password = base64.b64decode(encoded).decode() + "\n"
    client = f"{_CLIENT} -h {name}.{_NAMESPACE}.svc {_CLUSTERS[name]} {line}"
    pod = f"{name}-0-0"
    return _in_demo(cluster, "exec", "--stdin", pod, "--container=valkey", "--", "sh", "-c", client, text=password).strip()


def _in_demo(cluster: Target, *arguments: str, text: str | None = None) -> str:
    return cluster.kubectl(f"--namespace={_NAMESPACE}", *arguments, text=text)


def _check_existing(cluster: Target) -> None:
    """The sample asks for certificates, and only a local cluster brings cert-manager along."""
    cluster.kubectl("get", "--raw=/version")
    try:
        cluster.kubectl("get", "customresourcedefinition", "certificates.cert-manager.io")
    except Failure as failure:
        raise Failure(f"cert-manager is wanted in the cluster, and can't be seen there: {failure}") from failure


def main() -> None:
    parser = console.Parser(prog="demo", description="Bring up a Kubernetes and show Valkey clusters answering in it.")
    parser.add_argument("--name", type=cluster_name, default="default", help="of the local cluster")
    parser.add_argument("--registry", help="on an existing cluster: where what scripts/build-images made was pushed to")
    target.add_options(parser)
    options = parser.parse_args()
    cluster = target.from_options(options, options.name)
    if cluster.local:
        if options.registry:
            parser.error("--registry goes with --kubeconfig or --context: a local cluster runs the images made here")
        tag = _bring_up(options.name)
    else:
        if not options.registry:
            parser.error("an existing cluster pulls the operator's images: --registry says from where")
        _check_existing(cluster)
        tag = chart.tag(images.ensure("valkey-operator").reference)
    _run_clusters(cluster, options.registry or "localhost", tag)
    _show(cluster)
    say(f"\nTo look around: {' '.join(cluster.kubectl_command)} --namespace {_NAMESPACE} get valkeyclusters")
    if cluster.local:
        say(f"To end it: scripts/local-cluster down --name {options.name}")


if __name__ == "__main__":
    console.run("demo", main)
