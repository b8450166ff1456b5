"""etcd and kube-apiserver alone: what tests of API clients stand on."""

import time

import pytest
from project import must, run_script

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
