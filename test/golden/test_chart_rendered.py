"""What the chart renders, held to files, and which values it refuses."""

import json
import os

import pytest
import yaml
from project import CHART, must, run_helm
from tools import paths

GOLDEN = paths.ROOT / "test/golden"
EVERYTHING = f"--values={GOLDEN}/chart/everything.yaml"
ONE_NAMESPACE = ("--set=watchNamespace=demo,webhook.enabled=false",
                 "--set=metrics.podMonitor.enabled=true,networkPolicy.enabled=true")  # fmt: skip
OWN_SECRET = ("--set=webhook.certManager.enabled=false", "--set=webhook.secretName=mine,webhook.caBundle=TUlORQ==")
RENDERINGS = {"defaults": (), "one-namespace": ONE_NAMESPACE, "everything": (EVERYTHING,), "own-secret": OWN_SECRET}


def render(*options: str):
    """The chart as it is installed; without the definitions, which are held to their models elsewhere."""
    common = ["--namespace=valkey-system", "--kube-version=1.30.0", "--set=crds.install=false"]
    return run_helm("template", "valkey", str(CHART), *common, *options)


def rendered(*options: str) -> list[dict]:
    return list(yaml.safe_load_all(must(render(*options))))


def expected(name: str, actual: str) -> str:
    """What the file of that name holds; with UPDATE_GOLDEN=1 it is first made to hold `actual`."""
    path = GOLDEN / "expected/chart" / name
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(actual)
    return path.read_text()


@pytest.mark.parametrize("name", RENDERINGS)
def test_objects_are_as_in_the_file(name):
    actual = must(render(*RENDERINGS[name]))
    assert actual == expected(f"{name}.yaml", actual)


@pytest.mark.parametrize("options", RENDERINGS.values(), ids=RENDERINGS)
def test_lint_finds_nothing(options):
    must(run_helm("lint", "--strict", "--kube-version=1.30.0", str(CHART), *options))


@pytest.mark.parametrize("options", RENDERINGS.values(), ids=RENDERINGS)
def test_no_object_is_there_twice(options):
    identities = [(it["kind"], it["metadata"].get("namespace"), it["metadata"]["name"]) for it in rendered(*options)]
    assert len(identities) == len(set(identities))


def test_for_one_namespace_nothing_belongs_to_the_cluster():
    objects = rendered(*ONE_NAMESPACE)
    assert not {"ClusterRole", "ClusterRoleBinding", "FlowSchema"} & {it["kind"] for it in objects}
    assert {it["metadata"].get("namespace") for it in objects} == {"valkey-system", "demo"}


def test_without_aggregation_the_operator_has_the_only_role_of_the_cluster():
    roles = [it["metadata"]["name"] for it in rendered("--set=rbac.aggregate=false") if it["kind"] == "ClusterRole"]
    assert roles == ["valkey-operator.dev:operator"]


def test_an_issuer_of_the_users_takes_the_place_of_the_charts_own():
    objects = rendered(EVERYTHING, "--set=metrics.secure.issuerRef.name=mine")
    assert "Issuer" not in {it["kind"] for it in objects}
    issuers = [it["spec"]["issuerRef"] for it in objects if it["kind"] == "Certificate"]
    assert issuers == [{"name": "mine"}, {"name": "authority", "kind": "ClusterIssuer"}]


def test_for_one_namespace_the_webhook_is_asked_about_that_one_alone():
    objects = rendered("--set=watchNamespace=valkey-system")
    hooks = [it for it in objects if it["kind"].endswith("WebhookConfiguration")]
    assert len(hooks) == 2
    for hook in hooks:
        [expression] = hook["webhooks"][0]["namespaceSelector"]["matchExpressions"]
        assert (expression["operator"], expression["values"]) == ("In", ["valkey-system"])


def test_a_renewed_certificate_changes_nothing_that_api_servers_trust():
    certificates = {it["metadata"]["name"]: it["spec"] for it in rendered() if it["kind"] == "Certificate"}
    assert certificates["valkey-webhook-ca"]["isCA"]
    assert certificates["valkey-webhook"]["issuerRef"] == {"name": "valkey-webhook-ca"}
    assert certificates["valkey-webhook"]["dnsNames"] == ["valkey-webhook.valkey-system.svc"]


def test_without_cert_manager_there_has_to_be_a_certificate():
    refused = render("--set=webhook.certManager.enabled=false")
    assert refused.returncode != 0
    assert "takes webhook.secretName" in refused.stderr


def test_definitions_are_kept_when_the_release_goes():
    kinds = [it for it in rendered("--set=crds.install=true") if it["kind"] == "CustomResourceDefinition"]
    assert len(kinds) == 2
    assert all(it["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep" for it in kinds)


def test_part_of_another_chart_it_takes_what_helm_adds():
    must(render("--set=global.registry=registry.example"))


@pytest.mark.parametrize(
    "option, told",
    [
        ("--set=operator.replica=2", "at '/operator': additional properties 'replica' not allowed"),
        ("--set=webhok.replicas=2", "additional properties 'webhok' not allowed"),
        ("--set=operator.replicas=two", "at '/operator/replicas': got string, want integer"),
        ("--set=operator.replicas=-1", "at '/operator/replicas'"),
        ("--set=webhook.replicas=0", "at '/webhook/replicas'"),
        ("--set=webhook.policies.modes.risks=never", "at '/webhook/policies/modes/risks'"),
        ("--set=webhook.failurePolicy=Retry", "at '/webhook/failurePolicy'"),
        ("--set=webhook.timeoutSeconds=60", "at '/webhook/timeoutSeconds'"),
        ("--set=webhook.shutdownDelay=60s", "at '/webhook/shutdownDelay'"),
        ("--set-string=webhook.tlsMinVersion=1.1", "at '/webhook/tlsMinVersion'"),
        ("--set=operator.resources.limits.memory=128Mib", "at '/operator/resources/limits/memory'"),
        ("--set=image.tag=9", "at '/image/tag': got number, want string"),
        ("--set=image.pullPolicy=Sometimes", "at '/image/pullPolicy': value must be one of"),
        ("--set=image.pullSecrets={registry}", "at '/image/pullSecrets/0': got string, want object"),
        ("--set=logLevel=trace", "at '/logLevel': value must be one of"),
        ("--set=watchNamespace=a\\,b", "at '/watchNamespace'"),
        ("--set=crds.install=maybe", "at '/crds/install': got string, want boolean"),
        ("--set=pods.labels.app\\.kubernetes\\.io/name=mine", "at '/pods/labels/app.kubernetes.io~1name'"),
        ("--set=pods.affinity.podAfinity.x=y", "additional properties 'podAfinity' not allowed"),
        ("--set=metrics.podMonitor.interval=often", "at '/metrics/podMonitor/interval'"),
        ("--set=metrics.secure.issuerRef.kind=ClusterIssuer", "at '/metrics/secure/issuerRef'"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(option, told):
    done = render(option)
    assert done.returncode != 0
    assert told in done.stderr


def test_every_value_is_described_and_has_a_default():
    schema = json.loads((CHART / "values.schema.json").read_text())

    def compare(described: dict, defaults: dict):
        described = described | schema["definitions"].get(described.get("$ref", "").rpartition("/")[2], {})
        for name, it in described.get("properties", {}).items():
            assert it["description"], name
            assert it.keys() & {"type", "enum", "$ref"}, name
            if isinstance(defaults.get(name), dict):
                compare(it, defaults[name])
        if "properties" in described and defaults:
            assert described["additionalProperties"] is False
            assert described["properties"].keys() - {"global"} == defaults.keys()

    compare(schema, yaml.safe_load((CHART / "values.yaml").read_text()))
