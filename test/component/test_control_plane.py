"""etcd and kube-apiserver alone: what tests of API clients stand on."""

import os
import signal
import subprocess
import tempfile
import time

import pytest
from project import must, run_script
from tools import paths

NAMES = ("component-a", "component-b")


def kubectl(cluster: str, *arguments: str) -> str:
    return must(run_script("local-cluster", "--name", cluster, "kubectl", *arguments))


@pytest.fixture(scope="module", autouse=True)
def two_control_planes():
    try:
        for name in NAMES:
            must(run_script("local-cluster", "up", "--control-plane-only", "--name", name))
        yield
    finally:
        for name in NAMES:
            must(run_script("local-cluster", "down", "--name", name))


def test_two_control_planes_live_side_by_side():
    for name in NAMES:
        kubectl(name, "create", "configmap", "whose", f"--from-literal=name={name}")
    for name in NAMES:
        assert kubectl(name, "get", "configmap", "whose", "-o", "jsonpath={.data.name}") == name


def test_a_second_up_starts_nothing_anew():
    before = must(run_script("local-cluster", "up", "--control-plane-only", "--name", NAMES[0])) and pids()
    must(run_script("local-cluster", "up", "--control-plane-only", "--name", NAMES[0]))
    assert pids() == before


def test_it_comes_back_within_seconds():
    must(run_script("local-cluster", "down", "--name", NAMES[1]))
    began = time.monotonic()
    must(run_script("local-cluster", "up", "--control-plane-only", "--name", NAMES[1]))
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
    must(run_script("local-cluster", "up", "--control-plane-only", "--name", NAMES[0], env=proxy))
    must(run_script("local-cluster", "--name", NAMES[0], "kubectl", "get", "namespaces", env=proxy))


def test_a_command_keeps_the_users_environment():
    own = dict(os.environ, PYTHONPATH="/the/users/own")
    said = must(run_script("local-cluster", "--name", NAMES[0], "exec", "env", env=own))
    assert "PYTHONPATH=/the/users/own" in said.splitlines()


def test_the_same_name_in_another_place_is_another_cluster(tmp_path):
    elsewhere = dict(os.environ, XDG_STATE_HOME=str(tmp_path))
    assert run_script("local-cluster", "status", "--name", NAMES[0], env=elsewhere).returncode == 1
    must(run_script("local-cluster", "up", "--control-plane-only", "--name", NAMES[0], env=elsewhere))
    must(run_script("local-cluster", "down", "--name", NAMES[0], env=elsewhere))
    assert pids().keys() == {"etcd", "kube-apiserver"}


@pytest.mark.parametrize("below", ["/mnt", "/run", "/var/tmp"])
def test_the_state_may_be_where_the_sandbox_has_folders_of_its_own(below):
    with tempfile.TemporaryDirectory(dir=below, prefix="with space ") as folder:
        there = dict(os.environ, XDG_STATE_HOME=folder)
        try:
            must(run_script("local-cluster", "up", "--control-plane-only", "--name", "component-c", env=there))
        finally:
            must(run_script("local-cluster", "down", "--name", "component-c", env=there))


def test_images_need_a_container_runtime(tmp_path):
    (tmp_path / "image.tar").touch()
    done = run_script("local-cluster", "load", "--name", NAMES[0], str(tmp_path / "image.tar"))
    assert done.returncode == 1
    assert "no container runtime" in done.stderr


def test_a_command_that_drops_its_environment_ends_with_the_cluster():
    must(run_script("local-cluster", "up", "--control-plane-only", "--name", "component-c"))
    command = [paths.ROOT / "scripts/local-cluster", "--name", "component-c", "exec", "env", "-i", "/bin/sh", "-c"]
    with subprocess.Popen([*command, "echo runs; read forever"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as visitor:
        assert visitor.stdout.readline() == b"runs\n"
        must(run_script("local-cluster", "down", "--name", "component-c"))
        assert visitor.wait(10) == -signal.SIGKILL


def test_no_packet_leaves_the_cluster():
    links = must(run_script("local-cluster", "--name", NAMES[0], "exec", "ip", "-brief", "link"))
    assert {it.split()[0].partition("@")[0] for it in links.splitlines()} == {"lo", "node0", "nowhere"}


def test_a_component_that_is_killed_is_started_again():
    before = pids()["etcd"]
    must(run_script("local-cluster", "--name", NAMES[0], "exec", "kill", "-9", before))
    must(run_script("local-cluster", "up", "--control-plane-only", "--name", NAMES[0]))
    assert pids()["etcd"] not in (before, None)
    assert kubectl(NAMES[0], "get", "namespace", "default", "-o", "name") == "namespace/default\n"


def pids() -> dict[str, str]:
    status = run_script("local-cluster", "status", "--name", NAMES[0]).stdout
    return {line.split()[0]: line.split()[-1] for line in status.splitlines() if "running as" in line}


def count(verb: str, resource: str) -> int:
    table = must(run_script("local-cluster", "requests", "--name", NAMES[0], "kubectl"))
    rows = [line.split() for line in table.splitlines()]
    return sum(int(row[0]) for row in rows if row[1:] == [verb, resource])
