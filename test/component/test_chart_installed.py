"""The chart on a real API server: what its accounts may do there, how it changes, and what it leaves behind."""

import json
from itertools import product

import pytest
from project import CHART, ensure_helm, must, new_cluster, run_script
from tools import paths

CLUSTER = "component-chart"
SYSTEM, DEMO, OTHER = "valkey-system", "demo", "other"
ALL_NAMESPACES = ()
ONE_NAMESPACE = (f"--set=watchNamespace={DEMO}",)
DEFINITIONS = ["valkeyclusters.valkey-operator.dev", "valkeyupgrades.valkey-operator.dev"]
FLOW_SCHEMA = f"flowschema/valkey-operator.{SYSTEM}"
EVERYTHING = f"--values={paths.ROOT}/test/golden/chart/everything.yaml"
UNKNOWN_KINDS = [f"--set=metrics.{it}.enabled=false" for it in ("serviceMonitor", "podMonitor", "secure")]

VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")
READ = ("get", "list", "watch")
OWN = ("get", "list", "watch", "create", "patch", "delete")
RIGHTS = {
    ("valkey-operator.dev", "valkeyclusters"): READ,
    ("valkey-operator.dev", "valkeyclusters/status"): ("patch",),
    ("valkey-operator.dev", "valkeyclusters/finalizers"): ("update",),
    ("valkey-operator.dev", "valkeyupgrades"): READ,
    ("valkey-operator.dev", "valkeyupgrades/status"): ("patch",),
    ("", "services"): OWN,
    ("", "configmaps"): OWN,
    ("", "persistentvolumeclaims"): (*READ, "patch"),
    ("", "pods"): (*READ, "patch"),
    ("", "secrets"): ("get", "create", "patch"),
    ("apps", "statefulsets"): OWN,
    ("policy", "poddisruptionbudgets"): OWN,
    ("networking.k8s.io", "networkpolicies"): OWN,
    ("cert-manager.io", "certificates"): ("get", "create", "patch", "delete"),
    ("events.k8s.io", "events"): ("create", "patch"),
    ("", "pods/exec"): (),
    ("", "pods/eviction"): (),
    ("", "serviceaccounts"): (),
    ("", "serviceaccounts/token"): (),
    ("", "namespaces"): (),
    ("", "nodes"): (),
    ("apps", "deployments"): (),
    ("batch", "jobs"): (),
    ("coordination.k8s.io", "leases"): (),
    ("rbac.authorization.k8s.io", "roles"): (),
    ("rbac.authorization.k8s.io", "rolebindings"): (),
    ("rbac.authorization.k8s.io", "clusterroles"): (),
    ("apiextensions.k8s.io", "customresourcedefinitions"): (),
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations"): (),
    ("authentication.k8s.io", "tokenreviews"): (),
}
NOTHING = {it: () for it in RIGHTS}


def run(*command: str, **options):
    return run_script("local-cluster", "--name", CLUSTER, *command, **options)


def kubectl(*arguments: str, **options) -> str:
    return must(run("kubectl", *arguments, **options))


def helm(verb: str, *options: str, release: str = "valkey", namespace: str = SYSTEM):
    # Without the webhook: nothing runs here that could answer, and cert-manager's kinds are not known.
    chart = [] if verb == "uninstall" else [str(CHART), "--set=webhook.enabled=false"]
    return run("exec", "helm", verb, release, *chart, f"--namespace={namespace}", *options)


@pytest.fixture(scope="module", autouse=True)
def control_plane():
    ensure_helm()
    with new_cluster(CLUSTER, "--control-plane-only"):
        for name in (SYSTEM, DEMO, OTHER):
            kubectl("create", "namespace", name)
        yield


@pytest.fixture
def install():
    """Installs the release, which is gone after the test."""
    yield lambda *options: must(helm("install", *options))
    must(helm("uninstall", "--ignore-not-found"))


def answers(account: str, asked: list[dict]) -> list[bool]:
    """What the API server says to these resource attributes, as `kubectl auth can-i --as` has it answer to one."""
    groups = ["system:serviceaccounts", f"system:serviceaccounts:{SYSTEM}", "system:authenticated"]
    subject = {"user": f"system:serviceaccount:{SYSTEM}:{account}", "groups": groups}
    kind = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview"}
    reviews = [kind | {"spec": subject | {"resourceAttributes": it}} for it in asked]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": reviews})
    printed = kubectl("create", "--filename=-", '--output=jsonpath={.status.allowed}{"\\n"}', text=text).split()
    assert len(printed) == len(asked)
    return [it == "true" for it in printed]


def rights(account: str, namespace: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """All verbs that an account has in a namespace, by resource."""
    asked = [
        {"group": group, "resource": resource, "subresource": part, "verb": verb, "namespace": namespace}
        for (group, name), verb in product(RIGHTS, VERBS)
        for resource, _, part in [name.partition("/")]
    ]
    allowed = [pair for pair, answer in zip(product(RIGHTS, VERBS), answers(account, asked), strict=True) if answer]
    return {it: tuple(verb for resource, verb in allowed if resource == it) for it in RIGHTS}


def test_for_all_namespaces_the_operator_may_do_its_work_in_each_and_no_more(install):
    install(*ALL_NAMESPACES)
    for namespace in (DEMO, OTHER):
        assert rights("valkey-operator", namespace) == RIGHTS


def test_for_one_namespace_it_may_do_the_same_there_and_nothing_elsewhere(install):
    install(*ONE_NAMESPACE)
    assert rights("valkey-operator", DEMO) == RIGHTS
    assert rights("valkey-operator", OTHER) == NOTHING
    owned = kubectl("get", "clusterroles,clusterrolebindings", "--selector=app.kubernetes.io/part-of=valkey-operator")
    assert owned == ""


def test_the_webhook_may_do_nothing(install):
    install(*ALL_NAMESPACES)
    for namespace in (SYSTEM, DEMO):
        assert rights("valkey-webhook", namespace) == NOTHING


@pytest.mark.parametrize("mode", [ALL_NAMESPACES, ONE_NAMESPACE], ids=["all namespaces", "one namespace"])
def test_of_leases_it_has_its_own(install, mode):
    install(*mode)
    lease = {"group": "coordination.k8s.io", "resource": "leases", "namespace": SYSTEM}
    own, another = lease | {"name": "valkey-operator"}, lease | {"name": "another"}
    asked = [own | {"verb": "get"}, own | {"verb": "patch"}, lease | {"verb": "create"}]
    assert answers("valkey-operator", asked) == [True, True, True]
    asked = [own | {"verb": "delete"}, lease | {"verb": "list"}, another | {"verb": "get"}, another | {"verb": "patch"}]
    assert answers("valkey-operator", asked) == [False, False, False, False]


def test_changed_values_take_the_place_of_the_former(install):
    install(*ALL_NAMESPACES)
    must(helm("upgrade", EVERYTHING, *UNKNOWN_KINDS))
    budget = kubectl("get", "poddisruptionbudget/valkey-operator", f"--namespace={SYSTEM}", "--output=name")
    assert budget == "poddisruptionbudget.policy/valkey-operator\n"
    assert kubectl("get", FLOW_SCHEMA, "--output=jsonpath={.spec.priorityLevelConfiguration.name}") == "workload-high"

    must(helm("upgrade", "--reset-values", *ONE_NAMESPACE))
    assert rights("valkey-operator", OTHER) == NOTHING
    assert "not found" in run("kubectl", "get", FLOW_SCHEMA).stderr
    arguments = kubectl("get", "deployment/valkey-operator", f"--namespace={SYSTEM}", "--output=jsonpath={..args}")
    assert f"--watch-namespace={DEMO}" in json.loads(arguments)


def test_a_second_release_for_all_namespaces_is_refused(install):
    install(*ALL_NAMESPACES)
    second = helm("install", "--set=crds.install=false", release="second", namespace=OTHER)
    assert second.returncode != 0
    assert 'ClusterRole "valkey-operator.dev:operator"' in second.stderr


def test_releases_for_a_namespace_each_stand_side_by_side(install):
    install(*ONE_NAMESPACE)
    try:
        must(helm("install", f"--set=watchNamespace={OTHER},crds.install=false", namespace=OTHER))
        assert rights("valkey-operator", OTHER) == NOTHING  # of the first
    finally:
        must(helm("uninstall", "--ignore-not-found", namespace=OTHER))


def test_only_definitions_and_clusters_outlive_the_release(install):
    install(*ALL_NAMESPACES, EVERYTHING, *UNKNOWN_KINDS)
    kubectl("wait", "--for=condition=Established", "--timeout=20s", *[f"crd/{it}" for it in DEFINITIONS])
    kubectl("apply", f"--namespace={DEMO}", f"--filename={CHART}/samples/minimal.yaml")
    must(helm("uninstall"))

    kinds = kubectl("api-resources", "--verbs=list", "--output=name").split()
    left = kubectl("get", ",".join(kinds), "--all-namespaces", "--selector=app.kubernetes.io/part-of", "--output=name")
    assert left == ""
    assert kubectl("get", "crd", "--output=jsonpath={.items[*].metadata.name}").split() == DEFINITIONS
    assert kubectl("get", "valkeyclusters", f"--namespace={DEMO}", "--output=name").split() == [
        "valkeycluster.valkey-operator.dev/minimal"
    ]


@pytest.mark.parametrize("option", ["--take-ownership", "--set=crds.install=false"])
def test_definitions_that_were_left_are_taken_over_or_left_alone(install, option):
    install()
    must(helm("uninstall"))
    elsewhere = {"release": "mine", "namespace": OTHER}
    refused = helm("install", **elsewhere)
    assert refused.returncode != 0 and "CustomResourceDefinition" in refused.stderr
    try:
        must(helm("install", option, **elsewhere))
    finally:
        must(helm("uninstall", "--ignore-not-found", **elsewhere))
    must(helm("install", "--take-ownership"))  # as it was, for the tests after this one


@pytest.mark.parametrize("sample", sorted(it.name for it in (CHART / "samples").iterdir()))
def test_samples_are_valid(install, sample):
    install()
    file = f"--filename={CHART}/samples/{sample}"
    told = run("kubectl", "apply", "--dry-run=server", "--validate=strict", f"--namespace={OTHER}", file)
    assert "created (server dry run)" in must(told)
    assert told.stderr == ""


@pytest.mark.parametrize("mode", [ALL_NAMESPACES, ONE_NAMESPACE], ids=["all namespaces", "one namespace"])
def test_the_notes_are_short_and_what_they_apply_is_valid(install, mode):
    notes = install(*mode).partition("NOTES:\n")[2]
    assert 0 < len(notes.splitlines()) <= 15
    manifest = notes.partition("<<END\n")[2].partition("\nEND\n")[0]
    assert "created" in kubectl("apply", "--dry-run=server", f"--namespace={OTHER}", "--filename=-", text=manifest)
