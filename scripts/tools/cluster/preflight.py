"""Whether this machine can run a cluster, asked before anything is made."""

import os
import shutil
import subprocess
from pathlib import Path

from ..console import Failure
from ..paths import CACHE, STATE
from .binaries import BIN
from .sandbox import ISOLATE

_ELSEWHERE = "or use an existing cluster: scripts/demo --kubeconfig FILE"
_COMMANDS = ("bash", "hostname", "ip", "iptables", "mount", "nft", "nsenter", "openssl", "runc", "sysctl", "tini", "unshare")
_CNI_PLUGIN = Path("/usr/lib/cni/bridge")
_BUILD_DISK = 14
_RUN_DISK = 4
_MEMORY = 3


def check() -> None:
    """Raises a Failure that says what is missing."""
    want_root()
    search = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
    missing = [it for it in _COMMANDS if not shutil.which(it, path=search)]
    if not _CNI_PLUGIN.exists():
        missing.append(str(_CNI_PLUGIN))
    if missing:
        raise Failure(f"missing on this machine: {', '.join(missing)}; run scripts/setup")
    _want_namespaces()
    built = (BIN / ".kubernetes.built").exists()
    _want_disk(CACHE, _RUN_DISK if built else _BUILD_DISK)
    _want_disk(STATE, _RUN_DISK)
    if (available := _available_memory()) < _MEMORY:
        raise Failure(f"{available:.1f} GiB of memory are available and a cluster wants {_MEMORY}: free some, {_ELSEWHERE}")


def want_root() -> None:
    """Asked for before a folder is looked into that only root may see."""
    if os.geteuid() != 0:
        raise Failure(f"a local cluster makes namespaces and mounts, which needs root: run it with sudo, {_ELSEWHERE}")


def _want_namespaces() -> None:
    tried = subprocess.run([*ISOLATE, "mount", "-t", "tmpfs", "try", "/mnt"], capture_output=True, text=True)
    if tried.returncode != 0:
        raise Failure(
            f"this kernel or container does not let us make namespaces and mounts ({tried.stderr.strip()}): "
            f"run on a machine or in a privileged container, {_ELSEWHERE}"
        )


def _want_disk(folder: Path, gigabytes: int) -> None:
    existing = next(it for it in (folder, *folder.parents) if it.exists())
    free = shutil.disk_usage(existing).free / 2**30
    if free < gigabytes:
        raise Failure(
            f"{free:.1f} GiB are free below {existing} and {gigabytes} are wanted: free some, "
            "or point XDG_CACHE_HOME and XDG_STATE_HOME elsewhere"
        )


def _available_memory() -> float:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) / 2**20
    return 0.0
