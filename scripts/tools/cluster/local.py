"""One local cluster: brings it up, takes it down, and runs things in it."""

import argparse
import base64
import json
import os
import re
import secrets
import shutil
import signal
import time
from pathlib import Path
from typing import NoReturn

from .. import images, lock, paths
from ..console import Failure, Progress
from . import binaries, cgroups, components, config, manifests, pki, preflight
from .components import Component
from .layout import BIN
from .sandbox import Sandbox

NAME_VARIABLE = "LOCAL_CLUSTER"
"""In the environment of what `exec` runs: the name of its cluster, which is then every command's default."""

_PATIENCE = 90
_LOG_LINES = 15


def cluster_name(text: str) -> str:
    """The type of an option that names a local cluster."""
    if not re.fullmatch(r"[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not 1 to 32 lower-case letters, digits and inner dashes")
    return text


class LocalCluster:
    def __init__(self, name: str):
        self.name = name
        self.state = paths.STATE / name
        self.kubeconfig = pki.kubeconfig(self.state / "pki", "admin")

    @property
    def identity(self) -> str:
        """Made with the state and gone with it; empty before that."""
        kept = self.state / "id"
        return kept.read_text() if kept.exists() else ""

    @property
    def sandbox(self) -> Sandbox:
        return Sandbox(self.state, self.identity)

    def alone(self):
        """Lets one command at a time change this user's clusters."""
        return lock.held(paths.STATE / ".lock", "another command")

    def up(self) -> None:
        """Starts what is not running; on return all of a cluster works."""
        preflight.check()
        binaries.ensure(binaries.MODULES)
        pause_image = images.ensure("pause").archive
        progress = Progress(4)
        with progress.step("namespaces, keys and settings"):
            self._prepare()
            cgroups.ensure(self.identity)
        with progress.step("control plane and container runtime"):
            self._start(components.CONTAINERD, *components.CONTROL_PLANE)
            self._await(components.CONTAINERD, *components.CONTROL_PLANE)
        with progress.step("objects and images"):
            self._start(*components.CONTROLLERS)
            self.load(pause_image)
            self._start(components.KUBELET)
            self._apply(manifests.text(binaries.CERT_MANAGER_CRDS.read_text()))
        with progress.step("node, network, volumes and certificates"):
            self._start(*components.ALL)
            self._await(*components.ALL)

    def up_control_plane(self) -> None:
        """Starts etcd and kube-apiserver where they are not running, and nothing else."""
        preflight.check()
        binaries.ensure(binaries.CONTROL_PLANE)
        self._prepare()
        self._start(*components.CONTROL_PLANE)
        self._await(*components.CONTROL_PLANE)

    def down(self) -> None:
        """Ends and removes all of it, whatever is left of it."""
        if not self.identity:
            return
        self.sandbox.end()
        cgroups.remove(self.identity)
        shutil.rmtree(self.state)

    def stop(self, component: Component, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends a component, and waits until it is gone; nothing where it does not run."""
        self._want_up()
        self.sandbox.send(component.program, how)
        self.sandbox.send(component.program, signal.SIGCONT)  # a paused one would not notice
        deadline = time.monotonic() + _PATIENCE
        while self.sandbox.find(component.program):
            if time.monotonic() > deadline:
                raise self._explain(component, f"does not end after {_PATIENCE} s")
            time.sleep(0.01)

    def pause(self, component: Component) -> None:
        """Lets a component do nothing until it is started or stopped; its connections stay open."""
        self._want_up()
        if not self.sandbox.send(component.program, signal.SIGSTOP):
            raise Failure(f"{component.name} does not run, and can't be paused")

    def start(self, component: Component) -> None:
        """Starts a component that does not run, or lets one go on that was paused; on return it works."""
        self._want_up()
        self.sandbox.send(component.program, signal.SIGCONT)
        self._start(component)
        self._await(component)

    def compact(self) -> None:
        """Makes etcd forget every revision but the last."""
        written = json.loads(self._ask_etcd("kv/put", {"key": base64.b64encode(b"compacted").decode()}))
        self._ask_etcd("kv/compaction", {"revision": written["header"]["revision"], "physical": True})

    def rotate_authority(self) -> None:
        """Restarts the API server with a certificate by its other authority; every kubeconfig trusts both."""
        self.stop(components.API_SERVER)
        pki.rotate(self.state / "pki")
        self.start(components.API_SERVER)

    def is_up(self) -> bool:
        return bool(self.identity) and self.sandbox.init() is not None

    def processes(self) -> list[tuple[Component, int | None]]:
        """Every component that was started, with its process as seen from outside, or None where it does not run."""
        return [(it, self.sandbox.find(it.program)) for it in components.ALL if self.log(it.name).exists()]

    def log(self, component: str) -> Path:
        return self.state / "log" / f"{component}.log"

    def load(self, archive: Path) -> None:
        """Gives the node an image from an OCI or Docker archive."""
        if not self.is_up() or not self.sandbox.find(components.CONTAINERD.program):
            raise Failure(f"there is no container runtime in the cluster {self.name}: scripts/local-cluster up")
        command = [str(BIN / "ctr"), "--namespace=k8s.io", "images", "import", "--local", "-"]
        with archive.open("rb") as image:
            done = self.sandbox.run(command, stdin=image)
        if done.returncode != 0:
            raise Failure(f"containerd refuses {archive}: {done.stderr.strip()}")

    def run(self, command: list[str]) -> NoReturn:
        """Becomes `command`, as a visitor of the cluster."""
        line, environment = self.visit(command)
        os.execvpe(line[0], line, environment)

    def visit(self, command: list[str]) -> tuple[list[str], dict[str, str]]:
        """What to run, and its environment, so that `command` is on the cluster's network and finds its kubectl and helm
        first in PATH. The process that is started becomes `command`."""
        self._want_up()
        environment = self.sandbox.visitor_environment() | {
            NAME_VARIABLE: self.name,
            "KUBECONFIG": str(self.kubeconfig),
            "PATH": f"{binaries.BIN}:{os.environ.get('PATH', '')}",
        }
        return self.sandbox.visit(command), environment

    def _want_up(self) -> None:
        if not self.is_up():
            raise Failure("the cluster is not up: scripts/local-cluster up")

    def _prepare(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        if not self.identity:
            (self.state / "id").write_text(secrets.token_hex(8))
        pki.ensure(self.state / "pki")
        config.write(self.state, cgroups.name(self.identity))
        self.sandbox.ensure()

    def _start(self, *wanted: Component) -> None:
        for component in wanted:
            if not self.sandbox.find(component.program):
                self.sandbox.start(component.name, [str(component.program), *component.arguments])

    def _await(self, *wanted: Component) -> None:
        deadline = time.monotonic() + _PATIENCE
        for component in wanted:
            while not self._works(component):
                if time.monotonic() > deadline:
                    raise self._explain(component, f"does not work after {_PATIENCE} s")
                time.sleep(0.1)

    def _works(self, component: Component) -> bool:
        if not self.sandbox.find(component.program):
            raise self._explain(component, "ended")
        if not component.check:
            return True
        return self.sandbox.run(component.check, timeout=10).returncode == 0

    def _explain(self, component: Component, what: str) -> Failure:
        log = self.log(component.name)
        end = log.read_text(errors="replace").splitlines()[-_LOG_LINES:] if log.exists() else []
        quoted = "".join(f"\n  {line}" for line in end)
        return Failure(f"{component.name} {what}. The end of {log}:{quoted}\nWhat to try: {component.hint}")

    def _ask_etcd(self, method: str, request: dict) -> str:
        """Calls etcd's API in its JSON form, for which kubectl's raw requests will do."""
        post = components.kubectl(f"--server={components.ETCD_URL}", "create", f"--raw=/v3/{method}", "--filename=-")
        done = self.sandbox.run(post, input=json.dumps(request))
        if done.returncode != 0:
            raise Failure(f"etcd refuses {method}: {done.stderr.strip()}")
        return done.stdout

    def _apply(self, objects: str) -> None:
        apply = components.kubectl("apply", "--server-side", "--force-conflicts", "--filename=-")
        done = self.sandbox.run(apply, input=objects)
        if done.returncode != 0:
            raise Failure(f"the API server refuses the cluster's own objects: {done.stderr.strip()}")
