"""Wrong usage ends with 2 and the usage on stderr; what can't be done ends with 1 and one sentence."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from project import run_script
from tools import paths
from tools.cluster.local import LocalCluster

@pytest.fixture
def public():
    """A folder that everybody may look into."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


COMMANDS = ("local-cluster", "build-images", "demo", "bench", "generate-crds", "test", "setup")


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_wrong_usage(command):
    done = run_script(command, "--no-such-option")
    assert done.returncode == 2
    assert "usage: " in done.stderr and not done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_no_error(command):
    done = run_script(command, "--help")
    assert done.returncode == 0
    assert done.stdout and not done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["start"],
        ["up", "now"],
        ["up", "--name", "Not_A_Name"],
        ["load"],
        ["logs"],
        ["logs", "no-such-component"],
        ["requests"],
        ["exec"],
        ["stop"],
        ["start", "no-such-component"],
        ["pause", "--kill", "etcd"],
        ["compact", "now"],
    ],
)
def test_local_cluster_refuses_what_it_does_not_know(arguments):
    done = run_script("local-cluster", *arguments)
    assert done.returncode == 2
    assert "usage: " in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [[], ["kube", "now"], ["kube", "--objects=0"], ["kube", "--updates=1500"], ["kube", "--only=informer"]]
    + [["cluster", "--only=crate"], ["cluster", "--shapes=3"], ["cluster", "--runs=0"], ["cluster", "--fleet=1,x"]],
)
def test_bench_refuses_what_it_does_not_know(arguments):
    done = run_script("bench", *arguments)
    assert done.returncode == 2
    assert "usage: " in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["kubectl", "get", "pods"], ["exec", "true"], ["logs", "etcd"], ["requests", "kubectl"], ["load", "README.md"]]
    + [["stop", "etcd"], ["pause", "etcd"], ["start", "etcd"], ["restart", "etcd"], ["compact"], ["rotate-ca"]],
)
def test_what_needs_a_cluster_says_how_to_get_one(arguments):
    done = run_script("local-cluster", "--name", "never-made", *arguments)
    assert done.returncode == 1
    assert "scripts/local-cluster up" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_cluster_can_be_named_by_the_environment():
    done = run_script("local-cluster", "status", env=dict(os.environ, LOCAL_CLUSTER="never-made"))
    assert (done.returncode, done.stdout) == (1, "not up; scripts/local-cluster up --name never-made\n")
    done = run_script("local-cluster", "status", env=dict(os.environ, LOCAL_CLUSTER="Not_A_Name"))
    assert done.returncode == 2
    assert "LOCAL_CLUSTER: 'Not_A_Name' is not" in done.stderr


def test_down_is_content_where_nothing_is_up():
    assert run_script("local-cluster", "down", "--name", "never-made").returncode == 0


@pytest.mark.parametrize("command", ["up", "down", "status"])
def test_without_root_one_sentence_says_what_to_do(public, command):
    script = shutil.copytree(paths.ROOT / "scripts", public / "scripts") / "local-cluster"
    done = subprocess.run([script, command], user="nobody", env=_home("/nonexistent"), capture_output=True, text=True)
    assert done.returncode == 1
    assert "root" in done.stderr and "--kubeconfig" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("benchmark", ["kube", "cluster"])
def test_bench_says_that_it_needs_root(public, benchmark):
    script = shutil.copytree(paths.ROOT / "scripts", public / "scripts") / "bench"
    done = subprocess.run([script, benchmark], user="nobody", env=_home("/nonexistent"), capture_output=True, text=True)
    assert done.returncode == 1
    assert "root" in done.stderr and done.stderr.count("\n") == 1


def test_without_privileges_one_sentence_says_what_to_do():
    without = ["setpriv", "--bounding-set=-sys_admin", paths.ROOT / "scripts/local-cluster"]
    done = subprocess.run([*without, "up", "--name", "never-made"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "privileged" in done.stderr and "--kubeconfig" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not LocalCluster("never-made").state.exists()


def test_nothing_is_imported_from_the_current_folder(tmp_path):
    (tmp_path / "argparse.py").write_text("raise SystemExit('imported')")
    assert run_script("local-cluster", "--help", cwd=tmp_path).returncode == 0


def test_a_command_can_be_called_through_a_link(tmp_path):
    (tmp_path / "link").symlink_to(paths.ROOT / "scripts/local-cluster")
    assert subprocess.run([tmp_path / "link", "--help"], capture_output=True).returncode == 0


def test_a_state_folder_that_is_none_is_named():
    done = run_script("local-cluster", "up", env=dict(os.environ, XDG_STATE_HOME="/dev/null"))
    assert done.returncode == 1
    assert "/dev/null" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_archive_is_named():
    done = run_script("local-cluster", "load", "/no/such.tar")
    assert done.returncode == 1
    assert "/no/such.tar" in done.stderr and "scripts/build-images" in done.stderr


def test_a_kubeconfig_that_is_not_there_is_named():
    done = run_script("demo", "--kubeconfig", "/no/such.kubeconfig")
    assert done.returncode == 1
    assert "/no/such.kubeconfig" in done.stderr


def _home(folder: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": folder}
