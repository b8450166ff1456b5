"""scripts/demo: from a bare machine to a Kubernetes with Valkey answering in it."""

import time
from pathlib import Path

from . import command, console, images, target
from .cluster import preflight
from .cluster.local import LocalCluster, cluster_name
from .console import Failure, Progress, say
from .target import Target

_SAMPLE = Path(__file__).parent / "samples" / "valkey.yaml"
_SAMPLE_IMAGE = "docker.io/valkey/valkey:9.1.2"
_NAMESPACE = "valkey-demo"
_CLIENT = ("valkey-cli", "--tls", "--cacert", "/tls/ca.crt", "-h", f"cache.{_NAMESPACE}.svc")


def _bring_up(name: str) -> str:
    """Installs, builds and starts what is missing, and returns the name of the Valkey image in the cluster."""
    preflight.want_root()
    command.setup()
    cluster = LocalCluster(name)
    with cluster.alone():
        cluster.up()
        with Progress(1).step("Valkey image"):
            server = images.ensure("valkey-sid")
            cluster.load(server.archive)
    return server.reference


def _apply(cluster: Target, image: str) -> None:
    sample = _SAMPLE.read_text().replace(_SAMPLE_IMAGE, image)
    progress = Progress(4)
    with progress.step("applying the sample"):
        cluster.kubectl("apply", "--filename=-", text=sample)
    with progress.step("certificate from cert-manager"):
        _in_demo(cluster, "wait", "certificate/cache", "--for=condition=Ready", "--timeout=60s")
    with progress.step("Valkey server"):
        _in_demo(cluster, "rollout", "status", "statefulset/cache", "--timeout=300s")
    with progress.step("Service"):
        _await_service(cluster)


def _await_service(cluster: Target) -> None:
    """A Service leads to a pod some time after the pod is ready, which no object tells."""
    deadline = time.monotonic() + 30
    while True:
        try:
            _valkey(cluster, "PING")
            return
        except Failure:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def _show(cluster: Target) -> None:
    say("\nWhat runs:")
    say(_in_demo(cluster, "get", "pods,services,persistentvolumeclaims,certificates"))
    say("A client that talks to the Service, over TLS:")
    for command in ("PING", "SET greeting hello", "GET greeting"):
        say(f"  > {command}\n  {_valkey(cluster, *command.split())}")
    if _valkey(cluster, "GET", "greeting") != "hello":
        raise Failure("the server does not give back what was written to it")


def _valkey(cluster: Target, *command: str) -> str:
    return _in_demo(cluster, "exec", "cache-0", "--", *_CLIENT, *command).strip()


def _in_demo(cluster: Target, *arguments: str) -> str:
    return cluster.kubectl(f"--namespace={_NAMESPACE}", *arguments)


def _check_existing(cluster: Target) -> None:
    """The sample asks for a certificate, and only a local cluster brings cert-manager along."""
    cluster.kubectl("get", "--raw=/version")
    try:
        cluster.kubectl("get", "customresourcedefinition", "certificates.cert-manager.io")
    except Failure as failure:
        raise Failure(f"cert-manager is wanted in the cluster, and can't be seen there: {failure}") from failure


def main() -> None:
    parser = console.Parser(prog="demo", description="Bring up a Kubernetes and show Valkey answering in it.")
    parser.add_argument("--name", type=cluster_name, default="default", help="of the local cluster")
    parser.add_argument("--image", help=f"of Valkey, on an existing cluster (default: {_SAMPLE_IMAGE})")
    target.add_options(parser)
    options = parser.parse_args()
    cluster = target.from_options(options, options.name)
    if cluster.local:
        if options.image:
            parser.error("--image goes with --kubeconfig or --context: a local cluster runs the image made here")
        image = _bring_up(options.name)
    else:
        _check_existing(cluster)
        image = options.image or _SAMPLE_IMAGE
    _apply(cluster, image)
    _show(cluster)
    say(f"\nTo look around: {' '.join(cluster.kubectl_command)} --namespace {_NAMESPACE} get all")
    if cluster.local:
        say(f"To end it: scripts/local-cluster down --name {options.name}")


if __name__ == "__main__":
    console.run("demo", main)
