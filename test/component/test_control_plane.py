"""etcd and kube-apiserver alone: what tests of API clients stand on."""

import json
import os
import signal
import subprocess
import tempfile
import time

import pytest
from project import must, new_cluster, run_script
from tools import paths
from tools.cluster.layout import SERVER
from tools.cluster.local import LocalCluster

NAMES = ("component-a", "component-b")
CONTROL_PLANE = "--control-plane-only"


def kubectl(cluster: str, *arguments: str) -> str:
    return must(run_script("local-cluster", "--name", cluster, "kubectl", *arguments))


@pytest.fixture(scope="module", autouse=True)
def two_control_planes():
    with new_cluster(NAMES[0], CONTROL_PLANE), new_cluster(NAMES[1], CONTROL_PLANE):
        yield


def test_two_control_planes_live_side_by_side():
    for name in NAMES:
        kubectl(name, "create", "configmap", "whose", f"--from-literal=name={name}")
    for name in NAMES:
        assert kubectl(name, "get", "configmap", "whose", "-o", "jsonpath={.data.name}") == name


def test_a_second_up_starts_nothing_anew():
    before = must(run_script("local-cluster", "up", CONTROL_PLANE, "--name", NAMES[0])) and pids()
    must(run_script("local-cluster", "up", CONTROL_PLANE, "--name", NAMES[0]))
    assert pids() == before


def test_it_comes_back_within_seconds():
    must(run_script("local-cluster", "down", "--name", NAMES[1]))
    began = time.monotonic()
    must(run_script("local-cluster", "up", CONTROL_PLANE, "--name", NAMES[1]))
    assert time.monotonic() - began < 10


def test_requests_are_counted_by_verb_and_resource():
    counted_before = count("list", "secrets")
    kubectl(NAMES[0], "get", "secrets")
    assert count("list", "secrets") == counted_before + 1


def test_a_command_runs_on_the_clusters_network_and_on_our_files(tmp_path):
    script = tmp_path / "ask"
    script.write_text("#!/bin/sh\nkubectl get --raw /version >answer && exit 7\n")
    script.chmod(0o755)
    done = run_script("local-cluster", "--name", NAMES[0], "exec", script, cwd=tmp_path)
    assert done.returncode == 7, done.stderr
    assert '"gitVersion"' in (tmp_path / "answer").read_text()


def test_a_proxy_that_builds_need_does_not_stand_in_the_way():
    proxy = dict(os.environ, HTTPS_PROXY="http://127.0.0.1:9", https_proxy="http://127.0.0.1:9")
    must(run_script("local-cluster", "up", CONTROL_PLANE, "--name", NAMES[0], env=proxy))
    must(run_script("local-cluster", "--name", NAMES[0], "kubectl", "get", "namespaces", env=proxy))


def test_a_command_keeps_the_users_environment():
    own = dict(os.environ, PYTHONPATH="/the/users/own")
    said = must(run_script("local-cluster", "--name", NAMES[0], "exec", "env", env=own))
    assert "PYTHONPATH=/the/users/own" in said.splitlines()


def test_what_kubectl_learns_of_a_cluster_stays_with_it(tmp_path):
    must(run_script("local-cluster", "--name", NAMES[0], "exec", "env", f"HOME={tmp_path}", "kubectl", "get", "namespaces"))
    assert not (tmp_path / ".kube").exists()


def test_the_same_name_in_another_place_is_another_cluster(tmp_path):
    elsewhere = dict(os.environ, XDG_STATE_HOME=str(tmp_path))
    assert run_script("local-cluster", "status", "--name", NAMES[0], env=elsewhere).returncode == 1
    with new_cluster(NAMES[0], CONTROL_PLANE, env=elsewhere):
        pass
    assert pids().keys() == {"etcd", "kube-apiserver"}


@pytest.mark.parametrize("below", ["/mnt", "/run", "/var/tmp"])
def test_the_state_may_be_where_the_sandbox_has_folders_of_its_own(below):
    with tempfile.TemporaryDirectory(dir=below, prefix="with space ") as folder:
        there = dict(os.environ, XDG_STATE_HOME=folder)
        with new_cluster("component-c", CONTROL_PLANE, env=there):
            pass


def test_images_need_a_container_runtime(tmp_path):
    (tmp_path / "image.tar").touch()
    done = run_script("local-cluster", "load", "--name", NAMES[0], str(tmp_path / "image.tar"))
    assert done.returncode == 1
    assert "no container runtime" in done.stderr


def test_a_command_that_drops_its_environment_ends_with_the_cluster():
    command = [paths.ROOT / "scripts/local-cluster", "--name", "component-c", "exec", "env", "-i", "/bin/sh", "-c"]
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with new_cluster("component-c", CONTROL_PLANE), subprocess.Popen([*command, "echo runs; read forever"], **piped) as visitor:
        assert visitor.stdout.readline() == b"runs\n"
        must(run_script("local-cluster", "down", "--name", "component-c"))
        assert visitor.wait(10) == -signal.SIGKILL


def test_no_packet_leaves_the_cluster():
    links = must(run_script("local-cluster", "--name", NAMES[0], "exec", "ip", "-brief", "link"))
    assert {it.split()[0].partition("@")[0] for it in links.splitlines()} == {"lo", "node0", "nowhere"}


def test_a_component_that_is_killed_is_started_again():
    before = pids()["etcd"]
    must(run_script("local-cluster", "--name", NAMES[0], "exec", "kill", "-9", before))
    must(run_script("local-cluster", "up", CONTROL_PLANE, "--name", NAMES[0]))
    assert pids()["etcd"] not in (before, None)
    assert kubectl(NAMES[0], "get", "namespace", "default", "-o", "name") == "namespace/default\n"


def test_a_component_that_was_stopped_stays_so_until_it_is_started():
    for stop in (["stop"], ["stop", "--kill"]):
        before = pids()
        control(*stop, "kube-apiserver")
        assert pids() == {"etcd": before["etcd"]}
        control("start", "kube-apiserver")
        assert kubectl(NAMES[0], "get", "--raw", "/readyz") == "ok"
        assert pids()["kube-apiserver"] != before["kube-apiserver"]


def test_a_component_that_is_restarted_is_another_process():
    before = pids()
    control("restart", "kube-apiserver")
    assert pids()["kube-apiserver"] != before["kube-apiserver"]
    assert pids()["etcd"] == before["etcd"]


def test_a_paused_component_answers_nobody_until_it_is_started():
    before = pids()
    control("pause", "kube-apiserver")
    try:
        late = run_script("local-cluster", "--name", NAMES[0], "kubectl", "get", "--raw", "/version", "--request-timeout=1s")
    finally:
        control("start", "kube-apiserver")
    assert late.returncode != 0
    assert "deadline exceeded" in late.stderr or "Client.Timeout exceeded" in late.stderr
    assert kubectl(NAMES[0], "get", "--raw", "/readyz") == "ok"
    assert pids() == before


def test_a_paused_component_can_be_stopped():
    control("pause", "kube-apiserver")
    control("stop", "kube-apiserver")
    assert "kube-apiserver" not in pids()
    control("start", "kube-apiserver")


def test_what_does_not_run_can_not_be_paused():
    done = run_script("local-cluster", "--name", NAMES[0], "pause", "kubelet")
    assert (done.returncode, done.stderr) == (1, "local-cluster: kubelet does not run, and can't be paused\n")


def test_an_old_page_of_a_list_is_gone_after_compaction():
    first = "/api/v1/namespaces?limit=1"
    token = json.loads(kubectl(NAMES[0], "get", "--raw", first))["metadata"]["continue"]
    control("restart", "kube-apiserver")  # its cache knows the old revision too
    kubectl(NAMES[0], "get", "--raw", f"{first}&continue={token}")
    for _ in range(2):
        control("compact")
    control("restart", "kube-apiserver")
    gone = run_script("local-cluster", "--name", NAMES[0], "kubectl", "get", "--raw", f"{first}&continue={token}")
    assert "(Expired)" in gone.stderr


def test_the_api_servers_authority_can_be_changed_and_changed_back():
    control("rotate-ca")
    assert (trusts("ca"), trusts("next-ca"), trusts("server-authorities")) == (False, True, True)
    assert kubectl(NAMES[0], "get", "--raw", "/readyz") == "ok"
    control("rotate-ca")
    assert (trusts("ca"), trusts("next-ca"), trusts("server-authorities")) == (True, False, True)
    assert kubectl(NAMES[0], "get", "--raw", "/readyz") == "ok"


def test_a_command_within_exec_is_about_that_cluster():
    script = str(paths.ROOT / "scripts/local-cluster")
    assert must(run_script("local-cluster", "--name", NAMES[0], "exec", script, "status")).startswith("etcd")


def control(*arguments: str) -> None:
    must(run_script("local-cluster", "--name", NAMES[0], *arguments))


def trusts(authority: str) -> bool:
    """Whether a client that knows only this authority talks to the API server, if only to be told to go away."""
    pki = LocalCluster(NAMES[0]).state / "pki"
    flags = [f"--server={SERVER}", f"--certificate-authority={pki / authority}.crt", "--token=none"]
    asked = ["exec", "kubectl", "--kubeconfig=/dev/null", *flags, "get", "--raw", "/version"]
    said = run_script("local-cluster", "--name", NAMES[0], *asked).stderr
    assert "Unauthorized" in said or "unknown authority" in said, said
    return "Unauthorized" in said


def pids() -> dict[str, str]:
    status = run_script("local-cluster", "status", "--name", NAMES[0]).stdout
    return {line.split()[0]: line.split()[-1] for line in status.splitlines() if "running as" in line}


def count(verb: str, resource: str) -> int:
    table = must(run_script("local-cluster", "requests", "--name", NAMES[0], "kubectl"))
    rows = [line.split() for line in table.splitlines()]
    return sum(int(row[0]) for row in rows if row[1:] == [verb, resource])
