"""The cluster that the tests share: a local one of their own, or an existing one of the user's."""

import json
import re

import pytest
from authority import AUTHORITY
from project import load, must, new_cluster, run_script
from valkey_clusters import OPERATOR, ValkeyCluster, release

LOCAL = "e2e"


@pytest.fixture(scope="session")
def local_cluster(existing_cluster):
    """The name of a local cluster that is up."""
    if existing_cluster:
        pytest.skip("this is about a local cluster")
    with new_cluster(LOCAL):
        yield LOCAL


@pytest.fixture(scope="session")
def kubectl(local_cluster):
    """Runs kubectl on the local cluster and returns what it prints."""

    def run(*arguments: str, **options) -> str:
        return must(run_script("local-cluster", "--name", local_cluster, "kubectl", *arguments, **options))

    return run


@pytest.fixture
def namespace(kubectl, request):
    """A namespace of the test's own, in which only restricted pods may run."""
    name = re.sub("[^a-z0-9]+", "-", request.node.name.lower())[-60:].strip("-")
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    wanted = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
    kubectl("create", "--filename=-", text=json.dumps(wanted))
    kubectl("wait", f"--namespace={name}", "--for=create", "serviceaccount/default", "--timeout=20s")
    yield name
    kubectl("delete", "namespace", name, "--wait=false")


@pytest.fixture
def authority(kubectl, namespace) -> str:
    """The name of an issuer in the test's namespace."""
    kubectl("apply", f"--namespace={namespace}", "--filename=-", text=AUTHORITY)
    return "authority"


@pytest.fixture(scope="module")
def tag(local_cluster):
    """Of the images of this checkout, which the local cluster has then."""
    load(local_cluster, "valkey-webhook")
    load(local_cluster, "valkey-sid")
    return load(local_cluster, "valkey-operator").reference.rpartition(":")[2]


@pytest.fixture(scope="module")
def operator(local_cluster, kubectl, tag):
    kubectl("create", "namespace", OPERATOR)
    try:
        with release(local_cluster, "valkey", OPERATOR, tag):
            yield
    finally:
        kubectl("delete", "namespace", OPERATOR)


@pytest.fixture
def new(operator, local_cluster, kubectl, namespace):
    """Makes a cluster in a namespace of the test's own."""
    made = []

    def make(name: str = "cache", **spec) -> ValkeyCluster:
        made.append(ValkeyCluster(local_cluster, kubectl, namespace, name).apply(**spec))
        return made[-1]

    yield make
    for cluster in made:
        cluster.delete("--ignore-not-found")
