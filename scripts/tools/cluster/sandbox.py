"""The namespaces that a cluster lives in: network, mounts, processes and host name.

The first process in them is a bare init. Ending it ends every process inside, and with the last
process go the mounts, the links and the pods' own networks: the kernel does the cleaning up.
"""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from ..console import Failure
from . import binaries
from .layout import BIN, DNS_SERVICE, GATEWAY, KUBECTL_CACHE, NODE, NODE_ADDRESS, RESOLV_CONF, STATE

_MARK = "VALKEY_LOCAL_CLUSTER"
"""In the environment of every process that we start for a cluster, with the cluster's id: how they are found again."""

_PATIENCE = 60

ISOLATE = "unshare --mount --net --pid --uts --fork --mount-proc --propagation private".split()

# Inside, /run is empty and /var is the cluster's own, so that every program finds and leaves its
# files at the usual places. The node's address sits on a link whose other end goes nowhere.
_PREPARE = f"""
set -e
exec 3<"$STATE" 4<"$BIN"  # found even where /mnt, /run or /var is about to hide them
mount -t tmpfs -o mode=755 local-cluster /mnt
mkdir {STATE} {BIN}
mount --no-canonicalize --bind /proc/self/fd/3 {STATE}
mount --no-canonicalize --bind /proc/self/fd/4 {BIN}
exec 3<&- 4<&-
mount -t tmpfs -o mode=755 local-cluster /run
mkdir -p /run/netns /run/lock
mount --bind {STATE}/var /var
mount -t tmpfs local-cluster /var/lib/cni
hostname {NODE}
ip link set lo up
ip addr add {DNS_SERVICE}/32 dev lo
ip link add node0 type veth peer name nowhere
ip addr add {NODE_ADDRESS}/30 dev node0
ip link set node0 up
ip link set nowhere up
ip route add default via {GATEWAY} dev node0
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
sysctl -qw net.bridge.bridge-nf-call-iptables=1 2>/dev/null || true
exec tini -s -- sleep infinity
"""


class Sandbox:
    """`identity` is the cluster's own and nobody else's: two may have the same name and path."""

    def __init__(self, state: Path, identity: str):
        self._state = state
        self._mark = {_MARK: identity}
        self._log = state / "log" / "sandbox.log"

    def init(self) -> int | None:
        """The sandbox's first process as this process sees it, or None where there is no sandbox."""
        return next((it for it in self._marked() if _is_first_of_its_namespace(it)), None)

    def ensure(self) -> None:
        """Makes the namespaces, where they are not there yet."""
        if self.init():
            return
        for folder in ("run", "tmp", "lib/cni", "lib/kubelet", "lib/containerd", "lib/volumes", "log/pods"):
            (self._state / "var" / folder).mkdir(parents=True, exist_ok=True)
        self._log.parent.mkdir(exist_ok=True)
        with self._log.open("w") as log:
            outside = subprocess.Popen(
                [*ISOLATE, "sh", "-c", _PREPARE],
                env=self._environment() | {"STATE": str(self._state), "BIN": str(binaries.BIN)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._is_prepared():
            if outside.poll() is not None:
                raise Failure(f"the cluster's namespaces can't be prepared: {self._log.read_text().strip()}")
            if time.monotonic() > deadline:
                raise Failure(f"the cluster's namespaces are not prepared after {_PATIENCE} s; see {self._log}")
            time.sleep(0.01)

    def _is_prepared(self) -> bool:
        init = self.init()
        return init is not None and _arguments(init)[:1] == ["tini"]

    def run(self, command: Sequence[str], **options) -> subprocess.CompletedProcess:
        """Runs `command` inside, as a component of the cluster; it fails where it takes too long."""
        init = self._init_or_fail()
        enter = ["nsenter", f"--target={init}", "--mount", "--net", "--pid", "--uts", "--wd=/", "--", *command]
        options = {"capture_output": True, "text": True, "timeout": _PATIENCE} | options
        try:
            return subprocess.run(enter, env=self._environment(), **options)
        except subprocess.TimeoutExpired as late:
            return subprocess.CompletedProcess(enter, 124, "", f"no end after {late.timeout} s")

    def visit(self, command: list[str]) -> list[str]:
        """The command line that runs `command` on the cluster's network, and with its DNS, but on our own files."""
        init = self._init_or_fail()
        resolve = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
        names = str(self._state / RESOLV_CONF)
        isolated = ["unshare", "--mount", "--propagation", "slave", "sh", "-c", resolve, names, *command]
        return ["nsenter", f"--net=/proc/{init}/ns/net", "--", *isolated]

    def visitor_environment(self) -> dict[str, str]:
        """Ours, without proxies: none can be reached from the cluster's network."""
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return kept | self._mark | {"KUBECACHEDIR": str(self._state / KUBECTL_CACHE)}

    def start(self, name: str, command: list[str]) -> None:
        """Starts a program inside that goes on when we end; its output goes to log/NAME.log."""
        into_log = f'exec "$@" >>{STATE}/log/{name}.log 2>&1 </dev/null'
        detached = ["setsid", "--fork", "sh", "-c", into_log, "sh", *command]
        done = self.run(detached)
        if done.returncode != 0:
            raise Failure(f"starting {name} failed: {done.stderr.strip()}")

    def find(self, program: Path) -> int | None:
        """The process inside that runs `program`, or is about to, or None."""
        init = self.init()
        inside = [it for it in self._marked() if init and _namespace(it, "pid") == _namespace(init, "pid")]
        return next((it for it in inside if str(program) in _arguments(it)), None)

    def send(self, program: Path, number: int) -> bool:
        """Sends a signal to the process inside that runs `program`; False where there is none."""
        process = self.find(program)
        if process:
            _signal(process, number)
        return process is not None

    def end(self) -> None:
        """Ends every process of the cluster, and waits until they are gone."""
        init = self.init()
        network = _namespace(init, "net") if init else None
        deadline = time.monotonic() + _PATIENCE
        while left := [it for it in self._marked() + _on_network(network) if it != os.getpid()]:
            for process in left:
                if _arguments(process)[: len(ISOLATE)] != ISOLATE:  # this one reaps the init, and ends with it
                    _signal(process, signal.SIGKILL)
            if time.monotonic() > deadline:
                raise Failure(f"these processes of the cluster do not end: {left}")
            time.sleep(0.02)

    def _init_or_fail(self) -> int:
        init = self.init()
        if not init:
            raise Failure("the cluster is not up: scripts/local-cluster up")
        return init

    def _environment(self) -> dict[str, str]:
        return self._mark | {
            "PATH": f"{BIN}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
            "KUBECACHEDIR": str(STATE / KUBECTL_CACHE),
        }

    def _marked(self) -> list[int]:
        mark = f"{_MARK}={self._mark[_MARK]}".encode()
        return [it for it in _processes() if mark in _read(it, "environ").split(b"\0")]


def _processes() -> list[int]:
    return [int(it) for it in os.listdir("/proc") if it.isdigit()]


def _read(process: int, file: str) -> bytes:
    try:
        return Path(f"/proc/{process}/{file}").read_bytes()
    except OSError:
        return b""  # it ended while we looked


def _namespace(process: int, kind: str) -> str | None:
    try:
        return os.readlink(f"/proc/{process}/ns/{kind}")
    except OSError:
        return None  # it ended


def _on_network(network: str | None) -> list[int]:
    """Visitors that dropped the mark, too."""
    return [it for it in _processes() if network and _namespace(it, "net") == network]


def _arguments(process: int) -> list[str]:
    return _read(process, "cmdline").decode(errors="replace").split("\0")


def _is_first_of_its_namespace(process: int) -> bool:
    for line in _read(process, "status").decode(errors="replace").splitlines():
        if line.startswith("NSpid:"):
            return len(line.split()) == 3 and line.split()[-1] == "1"  # a container's own is one level deeper
    return False


def _signal(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass
