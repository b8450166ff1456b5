"""The chart installs both programs, and they run."""

import json

import pytest
from project import load, must, run_script
from tools import paths

LEASE = "lease/valkey-operator"


@pytest.fixture
def install(local_cluster, namespace):
    """Installs the chart with the images of this checkout, and waits until its pods are ready. The definitions stay when
    the release goes, and the next one takes them over; nobody is asked any more about what they define."""
    tag = load(local_cluster, "valkey-operator").reference.rpartition(":")[2]
    load(local_cluster, "valkey-webhook")

    def run(*options: str) -> None:
        helm = ["exec", "helm", "install", "valkey", str(paths.ROOT / "charts/valkey-operator")]
        common = [f"--namespace={namespace}", f"--set=image.tag={tag}", "--take-ownership", "--wait",
                  "--timeout=60s"]
        must(run_script("local-cluster", "--name", local_cluster, *helm, *common, *options))

    yield run
    gone = ["exec", "helm", "uninstall", "valkey", f"--namespace={namespace}", "--ignore-not-found"]
    must(run_script("local-cluster", "--name", local_cluster, *gone))


def logged(kubectl, namespace, program) -> list[str]:
    said = kubectl("logs", f"--namespace={namespace}", f"--selector=app.kubernetes.io/name={program}", "--tail=-1")
    return [json.loads(line)["event"] for line in said.splitlines()]


def test_both_programs_start_from_the_chart(install, kubectl, namespace):
    install()
    for program, replicas in (("operator", 1), ("webhook", 2)):
        assert logged(kubectl, namespace, program).count("started") == replicas


def test_of_two_operators_one_leads_and_the_other_takes_over(install, kubectl, namespace):
    def holder() -> str:
        identity = kubectl("get", LEASE, f"--namespace={namespace}", "--output=jsonpath={.spec.holderIdentity}")
        return identity.partition("_")[0]

    install("--set=operator.replicas=2")
    kubectl("wait", LEASE, f"--namespace={namespace}", "--for=create", "--timeout=20s")
    first = holder()
    assert kubectl("get", f"pod/{first}", f"--namespace={namespace}", "--output=name").strip() == f"pod/{first}"

    kubectl("delete", f"pod/{first}", f"--namespace={namespace}")
    kubectl("wait", LEASE, f"--namespace={namespace}", "--for=jsonpath={.spec.leaseTransitions}=1", "--timeout=20s")
    assert holder() != first
    assert "failed" not in logged(kubectl, namespace, "operator")

    about_lease = "--field-selector=reason=LeaderElection"
    told = kubectl("get", "events.events.k8s.io", f"--namespace={namespace}", about_lease, "--output=jsonpath={..note}")
    assert "became leader" in told
