"""What the local cluster's tool decides without touching the machine."""

import json
import shutil
from collections import Counter

import pytest
import yaml
from tools.cluster import audit, components, config, manifests, preflight
from tools.cluster.local import cluster_name
from tools.console import Failure

REQUESTS = [
    {"userAgent": "valkey-operator/0.1.0", "verb": "get", "requestURI": "/version"},
    {"userAgent": "valkey-operator/0.1.0", "verb": "get", "requestURI": "/version?timeout=32s"},
    {"userAgent": "kubectl/v1.36.3", "verb": "list", "objectRef": {"resource": "pods"}},
    {
        "userAgent": "valkey-operator/0.1.0",
        "verb": "patch",
        "objectRef": {"apiGroup": "apps", "resource": "statefulsets", "subresource": "status"},
    },
]


def test_requests_are_counted_for_one_client():
    lines = [*logged(REQUESTS), '{"userAgent": "valkey-op']
    assert audit.count(lines, "valkey-operator") == Counter(
        {("get", "/version"): 2, ("patch", "statefulsets/status.apps"): 1}
    )


def test_every_client_is_counted_for_an_empty_name():
    assert audit.count(logged(REQUESTS), "").total() == len(REQUESTS)


def test_a_watch_that_has_ended_is_one_request():
    watch = {"userAgent": "kubectl/v1.36.3", "verb": "watch", "objectRef": {"resource": "pods"}, "auditID": "a"}
    begun_and_ended = [json.dumps(watch | {"stage": it}) for it in ("ResponseStarted", "ResponseComplete")]
    assert audit.count(begun_and_ended, "kubectl").total() == 1


def logged(requests: list[dict]) -> list[str]:
    return [json.dumps(it | {"auditID": str(number)}) for number, it in enumerate(requests)]


def test_a_rotated_log_is_read_before_the_current_one(tmp_path):
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "audit-2026-01-02T03-04-05.000.jsonl").write_text("old\n")
    (tmp_path / "log" / "audit.jsonl").write_text("new\n")
    assert list(audit.lines(tmp_path)) == ["old\n", "new\n"]


def test_the_table_has_the_most_frequent_request_first_and_the_sum_last():
    rows = audit.table(Counter({("get", "pods"): 1, ("list", "nodes"): 20})).splitlines()
    assert rows[1].split() == ["20", "list", "nodes"]
    assert rows[-1].split()[0] == "21"


def test_manifests_are_yaml_with_names():
    objects = list(yaml.safe_load_all(manifests.text("{kind: Extra, metadata: {name: extra}}")))
    assert [it["metadata"]["name"] for it in objects].count("kube-dns") == 2
    assert objects[-1]["kind"] == "Extra"


def test_settings_are_well_formed(tmp_path):
    config.write(tmp_path, "/a-group")
    kubelet = yaml.safe_load((tmp_path / "config/kubelet.yaml").read_text())
    assert kubelet["cgroupRoot"] == "/a-group"
    assert json.loads((tmp_path / "config/cni/10-bridge.conflist").read_text())["plugins"]
    assert yaml.safe_load((tmp_path / "config/audit.yaml").read_text())["kind"] == "Policy"


def test_components_have_names_of_their_own():
    names = [it.name for it in components.ALL]
    assert len(set(names)) == len(names)
    assert set(components.CONTROL_PLANE) < set(components.ALL)


@pytest.mark.parametrize("name", ["a", "a-1", "x" * 32])
def test_good_names_are_taken(name):
    assert cluster_name(name) == name


@pytest.mark.parametrize("name", ["", "-a", "a-", "A", "a_b", "a/b", "..", "x" * 33])
def test_bad_names_are_refused(name):
    with pytest.raises(Exception, match="lower-case"):
        cluster_name(name)


class TestPreflight:
    """One sentence for each thing that is missing."""

    @pytest.fixture(autouse=True)
    def a_good_machine(self, monkeypatch):
        monkeypatch.setattr(preflight.os, "geteuid", lambda: 0)
        monkeypatch.setattr(preflight.shutil, "which", lambda command, path=None: f"/usr/bin/{command}")
        monkeypatch.setattr(preflight, "ISOLATE", ["true"])
        monkeypatch.setattr(preflight, "_CNI_PLUGIN", preflight.Path("/"))
        self.monkeypatch = monkeypatch
        self.give_disk(100)
        self.give_memory(16)

    def give_disk(self, gigabytes: int):
        usage = shutil._ntuple_diskusage(0, 0, gigabytes * 2**30)
        self.monkeypatch.setattr(preflight.shutil, "disk_usage", lambda _: usage)

    def give_memory(self, gigabytes: float):
        self.monkeypatch.setattr(preflight, "_available_memory", lambda: gigabytes)

    def test_a_good_machine_passes(self):
        preflight.check()

    def test_root_is_asked_for(self):
        self.monkeypatch.setattr(preflight.os, "geteuid", lambda: 1000)
        with pytest.raises(Failure, match="needs root.*--kubeconfig"):
            preflight.check()

    def test_a_kernel_that_refuses_namespaces_is_said(self):
        self.monkeypatch.setattr(preflight, "ISOLATE", ["sh", "-c", "echo unshare failed: why >&2; exit 1"])
        with pytest.raises(Failure, match=r"unshare failed: why.*privileged container.*--kubeconfig"):
            preflight.check()

    def test_missing_programs_are_named(self):
        found = {"runc": None, "tini": None}
        self.monkeypatch.setattr(preflight.shutil, "which", lambda command, path=None: found.get(command, command))
        with pytest.raises(Failure, match="runc, tini; run scripts/setup"):
            preflight.check()

    def test_missing_network_plugins_are_named(self):
        self.monkeypatch.setattr(preflight, "_CNI_PLUGIN", preflight.Path("/no/such/plugin"))
        with pytest.raises(Failure, match="/no/such/plugin; run scripts/setup"):
            preflight.check()

    def test_a_full_disk_is_said(self):
        self.give_disk(1)
        with pytest.raises(Failure, match="1.0 GiB are free.*XDG_CACHE_HOME"):
            preflight.check()

    def test_little_memory_is_said(self):
        self.give_memory(0.5)
        with pytest.raises(Failure, match="0.5 GiB of memory"):
            preflight.check()
