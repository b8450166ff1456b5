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
    helm_command: tuple[str, ...]
    local: bool

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        """Runs kubectl and returns what it prints; where it fails, its own words are the Failure."""
        return _run(self.kubectl_command, "kubectl", *arguments, text=text)

    def helm(self, *arguments: str) -> str:
        """The same for helm."""
        return _run(self.helm_command, "helm", *arguments)


def _run(command: tuple[str, ...], name: str, *arguments: str, text: str | None = None) -> str:
    done = subprocess.run([*command, *arguments], input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{name} {' '.join(arguments)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kubeconfig", type=Path, metavar="FILE", help="work on this existing cluster, not a local one")
    parser.add_argument("--context", metavar="NAME", help="with the kubeconfig's context of this name")


def from_options(options: argparse.Namespace, local_name: str) -> Target:
    """What the options of add_options() ask for."""
    if not options.kubeconfig and not options.context:
        return local(local_name)
    if options.kubeconfig and not options.kubeconfig.is_file():
        raise Failure(f"--kubeconfig: {options.kubeconfig} is not a file")
    kubectl = [_program("kubectl")]
    helm = [_program("helm")]
    if options.kubeconfig:
        kubectl.append(f"--kubeconfig={options.kubeconfig}")
        helm.append(f"--kubeconfig={options.kubeconfig}")
    if options.context:
        kubectl.append(f"--context={options.context}")
        helm.append(f"--kube-context={options.context}")
    return Target(tuple(kubectl), tuple(helm), local=False)


def local(name: str) -> Target:
    """The local cluster of that name."""
    script = (str(paths.ROOT / "scripts/local-cluster"), "--name", name)
    return Target((*script, "kubectl"), (*script, "exec", "helm"), local=True)


def _program(name: str) -> str:
    """The user's own, else the one that was built for local clusters."""
    built = binaries.BIN / name
    found = shutil.which(name) or (str(built) if built.exists() else None)
    if not found:
        raise Failure(f"{name} is not in PATH, and an existing cluster is reached with it: install it")
    return found
