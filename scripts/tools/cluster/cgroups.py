"""The control groups below which a cluster's pods run, so that two clusters do not share one."""

import os
import time
from pathlib import Path

from ..console import Failure

_MOUNT = Path("/sys/fs/cgroup")


def name(identity: str) -> str:
    return f"/valkey-local-cluster-{identity}"


def ensure(identity: str) -> None:
    """Makes the cluster's group in every hierarchy; the kubelet wants it to be there."""
    for hierarchy in _hierarchies():
        try:
            _delegate_controllers(hierarchy)
            (hierarchy / name(identity)[1:]).mkdir(exist_ok=True)
        except OSError as problem:
            raise Failure(
                f"cgroups can't be made in {hierarchy} ({problem.strerror}): run on a machine or in a privileged "
                "container, or use an existing cluster: scripts/demo --kubeconfig FILE"
            ) from problem


def remove(identity: str) -> None:
    """Removes the cluster's groups, innermost first, once their processes are gone."""
    deadline = time.monotonic() + 10
    while left := [it for it in _hierarchies() if not _remove(it / name(identity)[1:])]:
        if time.monotonic() > deadline:
            raise Failure(f"the cgroup {name(identity)} stays busy below {left[0]}")
        time.sleep(0.05)


def _remove(group: Path) -> bool:
    try:
        for folder, _, _ in os.walk(group, topdown=False):
            os.rmdir(folder)
    except OSError:
        return False  # still in use, or changed while we walked: look again
    return not group.exists()


def _delegate_controllers(hierarchy: Path) -> None:
    """In version 2, a group has only the controllers that its parent passes on."""
    available = hierarchy / "cgroup.controllers"
    if available.exists():
        wanted = " ".join(f"+{it}" for it in available.read_text().split())
        (hierarchy / "cgroup.subtree_control").write_text(wanted)


def _hierarchies() -> list[Path]:
    """Where groups are made: one tree (version 2), or one a controller (version 1)."""
    if (_MOUNT / "cgroup.controllers").exists():
        return [_MOUNT]
    return sorted(it.resolve() for it in _MOUNT.iterdir() if it.is_dir() and not it.is_symlink())
