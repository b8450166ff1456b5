"""The Kubernetes that a command works on: a local cluster, or one that a kubeconfig leads to."""

import argparse
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import paths
from .cluster import binaries
from .console import Failure


@dataclass(frozen=True)
class Target:
    kubectl_command: tuple[str, ...]
    local: bool

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        """Runs kubectl and returns what it prints; where it fails, its own words are the Failure."""
        line = [*self.kubectl_command, *arguments]
        done = subprocess.run(line, input=text, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"kubectl {' '.join(arguments)}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kubeconfig", type=Path, metavar="FILE", help="work on this existing cluster, not a local one")
    parser.add_argument("--context", metavar="NAME", help="with the kubeconfig's context of this name")


def from_options(options: argparse.Namespace, local_name: str) -> Target:
    """What the options of add_options() ask for."""
    if not options.kubeconfig and not options.context:
        return Target((str(paths.ROOT / "scripts/local-cluster"), "--name", local_name, "kubectl"), local=True)
    if options.kubeconfig and not options.kubeconfig.is_file():
        raise Failure(f"--kubeconfig: {options.kubeconfig} is not a file")
    command = [shutil.which("kubectl") or str(_built_kubectl())]
    if options.kubeconfig:
        command.append(f"--kubeconfig={options.kubeconfig}")
    if options.context:
        command.append(f"--context={options.context}")
    return Target(tuple(command), local=False)


def _built_kubectl() -> Path:
    kubectl = binaries.BIN / "kubectl"
    if not kubectl.exists():
        raise Failure("kubectl is not in PATH, and an existing cluster is reached with it: install it")
    return kubectl
