"""A local cluster comes up whatever happened to it, and leaves nothing behind."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from project import must, new_cluster, run_script
from tools.cluster import components
from tools.cluster.local import LocalCluster

NAME = "e2e-comes-and-goes"
CLUSTER = LocalCluster(NAME)


@pytest.fixture(autouse=True, scope="module")
def _only_local(existing_cluster):
    if existing_cluster:
        pytest.skip("this is about a local cluster")


@pytest.fixture(scope="module")
def cluster():
    """A cluster that each test leaves up."""
    with new_cluster(NAME):
        yield


@pytest.fixture
def no_cluster():
    """Of an interrupted run, one may still be there."""
    must(down())


def up() -> subprocess.CompletedProcess:
    return run_script("local-cluster", "up", "--name", NAME)


def down() -> subprocess.CompletedProcess:
    return run_script("local-cluster", "down", "--name", NAME)


def kubectl(*arguments: str) -> str:
    return must(run_script("local-cluster", "--name", NAME, "kubectl", *arguments))


def processes() -> dict[str, int]:
    """Each component's process."""
    status = run_script("local-cluster", "status", "--name", NAME).stdout
    running = [line.split() for line in status.splitlines() if "running as" in line]
    return {words[0]: int(words[-1]) for words in running}


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)


def works() -> None:
    """Asserts that a pod can be made, and its command's output read."""
    assert set(processes()) == {it.name for it in components.ALL}
    kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=30s")
    kubectl("run", "probe", "--image=localhost/pause:dev", "--image-pull-policy=Never", "--restart=Never")
    kubectl("wait", "pod/probe", "--for=condition=Ready", "--timeout=60s")
    kubectl("delete", "pod", "probe", "--now")


def machine() -> dict[str, set[str]]:
    """What a cluster makes on a machine, all of it that is there now."""
    namespaces = set()
    for link in Path("/proc").glob("[0-9]*/ns/*"):
        try:
            namespaces.add(os.readlink(link))
        except OSError:
            continue  # the process ended
    links = subprocess.run(["ip", "-brief", "link"], capture_output=True, text=True, check=True).stdout
    named = Path("/run/netns")
    return {
        "namespaces": {it for it in namespaces if it.partition(":")[0] in ("mnt", "net", "pid", "uts")},
        "mounts": set(Path("/proc/self/mounts").read_text().splitlines()),
        "links": {it.split()[0] for it in links.splitlines()},
        "network names": {it.name for it in named.iterdir()} if named.exists() else set(),
        "cgroups": {str(it) for it in Path("/sys/fs/cgroup").glob("**/*valkey*")},
        "sockets": {it.name for it in Path("/run").glob("**/*containerd*")},
    }


def added(before: dict[str, set[str]], after: dict[str, set[str]]) -> dict[str, set[str]]:
    return {what: after[what] - before[what] for what in after if after[what] - before[what]}


def left_of(made: dict[str, set[str]]) -> dict[str, set[str]]:
    """What is still there of what a cluster made; others may come and go meanwhile."""
    now = machine()
    return {what: made[what] & now[what] for what in made if made[what] & now[what]}


def test_down_leaves_nothing_behind(no_cluster):
    before = machine()
    must(up())
    works()
    made = added(before, machine())
    assert {"namespaces", "cgroups"} <= made.keys()
    must(down())
    assert left_of(made) == {}


@pytest.mark.parametrize("victim", ["sandbox", "containerd", "etcd", "kube-apiserver"])
def test_down_removes_a_cluster_that_is_half_there(no_cluster, victim):
    before = machine()
    must(up())
    made = added(before, machine())
    kill(CLUSTER.sandbox.init() if victim == "sandbox" else processes()[victim])
    must(down())
    assert left_of(made) == {}


def test_a_second_up_takes_seconds(cluster):
    must(down())
    began = time.monotonic()
    must(up())
    kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=0")
    assert time.monotonic() - began < 10


def test_up_twice_starts_nothing_anew(cluster):
    before = processes()
    must(up())
    assert processes() == before


@pytest.mark.parametrize("victim", [it.name for it in components.ALL])
def test_up_brings_back_what_was_killed(cluster, victim):
    before = processes()[victim]
    kill(before)
    must(up())
    assert processes()[victim] != before
    works()


def test_up_brings_back_a_cluster_whose_every_process_was_killed(cluster):
    kubectl("create", "configmap", "kept")
    kill(CLUSTER.sandbox.init())
    must(up())
    works()
    assert kubectl("get", "configmap", "kept", "-o", "name") == "configmap/kept\n"


def test_a_component_that_can_not_start_is_explained(cluster):
    data = CLUSTER.state / "etcd"
    kill(processes()["etcd"])
    kill(processes()["kube-apiserver"])
    aside = data.rename(data.with_name("etcd.aside"))
    data.write_text("where a folder should be")
    failed = up()
    data.unlink()
    aside.rename(data)
    must(up())
    assert failed.returncode == 1
    assert "etcd ended" in failed.stderr
    assert "not a directory" in failed.stderr
    assert "What to try: " in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_pod_can_not_pose_as_a_component(cluster):
    before = processes()
    mark = f"--env=VALKEY_LOCAL_CLUSTER={CLUSTER.identity}"
    image = ["--image=localhost/pause:dev", "--image-pull-policy=Never", "--restart=Never"]
    kubectl("run", "poser", mark, *image, "--command", "--", "/pause", "/mnt/bin/kube-scheduler")
    kubectl("wait", "pod/poser", "--for=condition=Ready", "--timeout=60s")
    assert processes() == before
    kubectl("delete", "pod", "poser", "--now")


def test_two_clusters_live_side_by_side(cluster, local_cluster):
    works()
    must(run_script("local-cluster", "--name", local_cluster, "kubectl", "get", "nodes"))
    assert run_script("local-cluster", "status", "--name", local_cluster).returncode == 0


