"""What a pod's scripts make of what they find, beside real servers in their own images."""

import os
import re
import signal
import stat
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from archives import Archive
from tools import images, paths

ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
EXPECTED = paths.ROOT / "test/golden/expected"
OURS, OTHER = "a" * 40, "b" * 40
PRIMARY = f"{OURS} 127.0.0.1:6379@16379,host,shard-id={'c' * 40} myself,master - 0 0 1 connected 0-16383\n"
ITS_REPLICA = f"{OTHER} 127.0.0.2:6379@16379,host,shard-id={'c' * 40} slave {OURS} 0 0 1 connected\n"
REPLICA = (
    f"{OURS} 127.0.0.1:6379@16379,host,shard-id={'c' * 40} myself,slave {OTHER} 0 0 1 connected\n"
    f"{OTHER} 127.0.0.2:6379@16379,host,shard-id={'c' * 40} master - 0 0 1 connected 0-16383\n"
)
CLIENT = "valkey-cli --user client --pass x --no-auth-warning"
VARS = "vars currentEpoch 1 lastVoteEpoch 0\n"


class Pod:
    """An image's files, with what a pod mounts into them, at an address of its own."""

    def __init__(self, root: Path, image: str, address: str = "127.0.0.1"):
        self.address = address
        Archive(images.ensure(image).archive).unpack(root)
        self.root = root
        self.data = root / "data"
        for name, number in (("null", 3), ("urandom", 9)):
            device = root / "dev" / name
            device.parent.mkdir(exist_ok=True)
            device.unlink(missing_ok=True)
            os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, number))
        config = yaml.safe_load((EXPECTED / "minimal-config-map.yaml").read_text())["data"]
        self._write("config", config)
        self._write("credentials", {
            "users.acl": (EXPECTED / "minimal-users.acl").read_text() + "user client on nopass ~* +@all\n",
            "replication.conf": "primaryuser valkey-replication\nprimaryauth two\n",
            "probe-password": "three",
        })  # fmt: skip

    def configure(self, *lines: str) -> None:
        """Adds to what the server starts with."""
        with (self.root / "etc/valkey/config/valkey.conf").open("a") as file:
            file.writelines(f"{line}\n" for line in lines)

    def remember(self, nodes: str) -> None:
        """What an earlier server of this pod has left."""
        (self.data / "nodes.conf").write_text(nodes)

    def give_certificate(self) -> None:
        """What a pod that was made with TLS has."""
        self._write("tls", {})
        folder = self.root / "etc/valkey/tls"
        made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        named = ["-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
        files = ["-keyout", f"{folder}/tls.key", "-out", f"{folder}/tls.crt"]
        subprocess.run([*made, *named, *files], check=True, capture_output=True)
        (folder / "ca.crt").write_text((folder / "tls.crt").read_text())

    def replace(self, directive: str, value: str) -> None:
        """What the server starts with from now on."""
        file = self.root / "etc/valkey/config/valkey.conf"
        file.write_text(re.sub(f"^{directive} .*$", f"{directive} {value}", file.read_text(), flags=re.MULTILINE))

    @contextmanager
    def server(self, beside: "Server | None" = None):
        """Started as the pod does it, on a network of its own or on another's."""
        network = ["nsenter", f"--net=/proc/{beside.process.pid}/ns/net"] if beside else ["unshare", "--net"]
        started = f"ip link set lo up && exec chroot {self.root} /bin/sh /etc/valkey/config/start.sh"
        pod = {"POD_IP": self.address, "POD_NAME": "cache-0-0", "POD_HOST": self.address}
        with subprocess.Popen([*network, "sh", "-c", started], env=ENVIRONMENT | pod, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as process:  # fmt: skip
            try:
                yield Server(self, process)
            finally:
                process.kill()

    def _write(self, folder: str, files: dict[str, str]) -> None:
        place = self.root / "etc/valkey" / folder
        place.mkdir(parents=True)
        for name, text in files.items():
            (place / name).write_text(text)


class Server:
    def __init__(self, pod: Pod, process: subprocess.Popen):
        self._pod = pod
        self.process = process

    def wait(self, words: str) -> str:
        """All that it logs until it logs these."""
        logged = ""
        for line in self.process.stdout:
            logged += line
            if words in line:
                return logged
        raise AssertionError(f"it ended without {words!r}: {logged}")

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess:
        """One of the pod's scripts, beside it."""
        command = ["/bin/sh", f"/etc/valkey/config/{script}", *arguments]
        return self.inside(*command)

    def probe(self, question: str) -> tuple[int, str]:
        done = self.run("probe.sh", question)
        return done.returncode, done.stdout.strip()

    def ask(self, *command: str) -> str:
        """What it answers the operator."""
        return self.inside("/usr/bin/valkey-cli", "-h", self._pod.address, "--user", "valkey-operator", "--pass", "one", "--no-auth-warning",
                            *command).stdout.strip()  # fmt: skip

    def fill(self, count: int) -> None:
        """Makes it a cluster of its own, with as many keys."""
        self.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        until(lambda: "cluster_state:ok" in self.ask("CLUSTER", "INFO"))
        (self._pod.root / "fill").write_text("".join(f"SET key{number} value\n" for number in range(count)))
        self.inside("/bin/sh", "-c", f"{CLIENT} -h {self._pod.address} < /fill > /dev/null")

    def client(self, command: str) -> None:
        """Until it is taken: a server that has just started does not serve."""
        until(lambda: self.inside("/bin/sh", "-c", f"{CLIENT} -h {self._pod.address} {command}").stdout == "OK\n")

    def joins(self, primary: "Server") -> bool:
        primary.ask("CLUSTER", "MEET", self._pod.address, "6379")
        return self.ask("CLUSTER", "REPLICATE", primary.ask("CLUSTER", "MYID")) == "OK"

    def save(self) -> None:
        """Waits until all is on its disk."""
        if "aof_enabled:0" in self.ask("INFO", "persistence"):
            self.ask("BGSAVE")
        done = ("rdb_bgsave_in_progress:0", "aof_rewrite_in_progress:0", "aof_rewrite_scheduled:0")
        until(lambda: all(it in self.ask("INFO", "persistence") for it in done))
        until(lambda: not re.search("aof_buffer_length:[1-9]", self.ask("INFO", "persistence")))

    def inside(self, *command: str) -> subprocess.CompletedProcess:
        network = f"--net=/proc/{self.process.pid}/ns/net"
        return subprocess.run(["nsenter", network, "chroot", str(self._pod.root), *command], capture_output=True,
                              text=True, timeout=60, env=ENVIRONMENT, stdin=subprocess.DEVNULL)  # fmt: skip


@pytest.fixture
def pod(tmp_path):
    return Pod(tmp_path / "root", "valkey-sid")


READY = "Ready to accept connections"


def until(holds) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline


def until_ready_says(server: Server, word: str) -> None:
    until(lambda: server.probe("ready")[1].startswith(word))


def identity(pod: Pod) -> str:
    with pod.server() as server:
        server.wait(READY)
        return server.ask("CLUSTER", "MYID")


@pytest.mark.parametrize("left", [0, 1, 40, 60, len(PRIMARY) - 1, len(PRIMARY), -len(VARS), 1 - len(VARS), -20, -3, -2])
def test_a_server_starts_whatever_is_left_of_its_nodes_conf(pod, left):
    """[H63] What can't be read is kept beside it."""
    whole = PRIMARY + ITS_REPLICA + VARS
    identity(pod)  # which leaves a log
    pod.remember(whole[:left])
    assert identity(pod) not in ("", OURS)
    assert (pod.data / "nodes.conf.broken").read_text() == whole[:left]


def test_a_server_whose_data_is_there_keeps_its_identity(pod):
    """[H41] Which nobody but the server has written."""
    with pod.server() as server:
        server.wait(READY)
        first = server.ask("CLUSTER", "MYID")
        assert server.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383") == "OK"
    assert identity(pod) == first


@pytest.mark.parametrize(
    ("nodes", "stays"),
    [(PRIMARY + ITS_REPLICA + VARS, False), (PRIMARY + VARS, True), (REPLICA + VARS, True)],
    ids=["primary of a replica", "primary", "replica"],
)
def test_only_a_primary_that_replicas_would_copy_gives_up_its_identity_with_its_data(pod, nodes, stays):
    """[H57][H37]"""
    pod.remember(nodes)
    assert (identity(pod) == OURS) == stays
    assert (pod.data / "nodes.conf.dataless").exists() != stays


def test_a_server_is_ready_once_it_is_part_of_a_cluster(pod):
    with pod.server() as server:
        server.wait(READY)
        assert server.probe("live") == (0, "")
        assert server.probe("ready") == (1, "not part of a cluster yet")
        server.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        assert server.probe("ready") == (0, "")
        assert server.run("stop.sh").returncode == 0, "there is nobody to wait for"


def test_a_server_that_loads_is_alive_and_not_ready(pod):
    """[H42][H65]"""
    with pod.server() as server:
        server.wait(READY)
        server.fill(20_000)
    pod.configure("key-load-delay 500")  # it answers after each 1,024 keys
    with pod.server() as server:
        server.wait("Server initialized")
        until_ready_says(server, "LOADING")
        assert server.probe("live") == (0, "")


def test_a_server_that_is_busy_or_knows_another_password_is_alive(pod):
    """[H65]"""
    pod.configure("busy-reply-threshold 100")
    with pod.server() as server:
        server.wait(READY)
        script = f"{CLIENT} EVAL 'while true do end' 0"
        server.inside("/bin/sh", "-c", f"{script} > /dev/null 2>&1 &")
        until_ready_says(server, "BUSY")
        assert server.probe("live") == (0, "")
    (pod.root / "etc/valkey/credentials/probe-password").write_text("another")
    with pod.server() as server:
        server.wait(READY)
        assert server.probe("live") == (0, "")
        assert server.probe("ready")[0] == 1


def test_a_server_that_stands_still_is_not_alive(pod):
    with pod.server() as server:
        server.wait(READY)
        server.process.send_signal(signal.SIGSTOP)
        assert server.probe("live") == (1, "no answer")


@pytest.mark.parametrize(("before", "after"), [("no", "yes"), ("yes", "no")])
def test_a_server_loads_the_data_that_is_there_however_it_is_to_be_kept(pod, before, after):
    """What the server would not have looked for, it would have replaced by nothing."""
    pod.replace("appendonly", before)
    with pod.server() as server:
        server.wait(READY)
        server.fill(100)
        server.save()
    pod.replace("appendonly", after)
    with pod.server() as server:
        server.wait(READY)
        assert server.ask("DBSIZE") == "100"
        assert server.ask("CONFIG", "SET", "appendonly", after) == "OK"


def test_the_newer_of_log_and_snapshot_is_loaded(pod):
    """A log that was given up is still there; a snapshot that was made beside a log lacks what came after it began."""
    with pod.server() as server:
        server.wait(READY)
        server.fill(100)
        server.save()
        server.ask("CONFIG", "SET", "appendonly", "no")
        log = max(file.stat().st_mtime for file in (pod.data / "appendonlydir").iterdir())
        until(lambda: time.time() >= log + 2)  # both tell whole seconds
        server.client("SET another value")
        server.save()
    pod.replace("appendonly", "no")
    with pod.server() as server:
        server.wait(READY)
        assert server.ask("DBSIZE") == "101"
        server.ask("CONFIG", "SET", "appendonly", "yes")
        server.client("SET one-more value")
        server.save()
    pod.replace("appendonly", "yes")
    with pod.server() as server:
        server.wait(READY)
        assert server.ask("DBSIZE") == "102"


def test_a_pod_that_was_made_with_tls_goes_on_with_it_though_it_is_wanted_no_more(pod):
    pod.give_certificate()
    with pod.server() as server:
        server.wait(READY)
        assert server.probe("live") == (0, "")
        assert server.ask("PING") == ""


@contextmanager
def a_primary_and_its_replica(folder: Path, log: str):
    """The primary's pod and server, its replica, and what starts another server in the primary's place."""
    primary, replica = Pod(folder / "0", "valkey-sid"), Pod(folder / "1", "valkey-sid", "127.0.0.2")
    for pod in (primary, replica):
        pod.configure(f"bind {pod.address}")
        pod.replace("appendonly", log)
    held = ["unshare", "--net", "sh", "-c", "echo entered && exec sleep infinity"]
    with subprocess.Popen(held, stdout=subprocess.PIPE, text=True) as holder:
        try:
            network = Server(primary, holder)
            network.wait("entered")  # until then it is this process's own network that others would find
            with replica.server(network) as second, primary.server(network) as first:
                second.wait(READY)
                first.wait(READY)
                first.ask("CLUSTER", "SET-CONFIG-EPOCH", "1")
                first.fill(100)
                first.save()
                until(lambda: second.joins(first))
                until(lambda: "master_link_status:up" in second.ask("INFO", "replication"))
                until(lambda: "slave" in first.ask("CLUSTER", "NODES"))
                yield first, second, lambda: primary.server(network)
        finally:
            holder.kill()


@pytest.mark.parametrize("log", ["yes", "no"])
def test_a_primary_that_crashed_takes_nothing_from_a_replica_that_has_more(tmp_path, log):
    """[H37][H57]"""
    with a_primary_and_its_replica(tmp_path, log) as (first, second, start):
        first.client("SET newer value")
        until(lambda: second.ask("DBSIZE") == "101")
        identity = first.ask("CLUSTER", "MYID")
        first.process.kill()
        first.process.wait()
        with start() as again:
            again.wait(READY)
            assert again.ask("CLUSTER", "MYID") != identity
            assert again.ask("DBSIZE") == "0"
            assert second.ask("DBSIZE") == "101"


def test_a_primary_that_crashed_keeps_what_its_replica_does_not_have(tmp_path):
    with a_primary_and_its_replica(tmp_path, "yes") as (first, second, start):
        second.ask("CONFIG", "SET", "primaryauth", "wrong")
        first.ask("CLIENT", "KILL", "TYPE", "replica")
        until(lambda: "master_link_down_since_seconds:3" in second.ask("INFO", "replication"))
        first.client("SET newer value")
        first.save()
        identity = first.ask("CLUSTER", "MYID")
        first.process.kill()
        first.process.wait()
        with start() as again:
            again.wait(READY)
            assert again.ask("CLUSTER", "MYID") == identity
            assert again.ask("DBSIZE") == "101"


@pytest.mark.parametrize("image", ["valkey-sid", "valkey-trixie", "valkey-bookworm"])
def test_each_version_gets_the_directives_that_it_knows(tmp_path, image):
    """[H66]"""
    pod = Pod(tmp_path / "root", image)
    with pod.server() as server:
        server.wait(READY)
        handing_over = server.ask("CONFIG", "GET", "shutdown-on-sigterm").split()
        saving = server.ask("CONFIG", "GET", "cluster-config-save-behavior").split()
    is_new = image == "valkey-sid"
    assert handing_over == ["shutdown-on-sigterm", "failover" if is_new else "default"]
    assert saving == (["cluster-config-save-behavior", "best-effort"] if is_new else [])
