"""The programs that a cluster runs, built from Go modules whose sums are kept beside them."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .. import command, lock
from ..console import Failure, Progress
from ..paths import CACHE

SOURCES = Path(__file__).parents[1] / "go"
BIN = CACHE / "cluster" / "bin"
CERT_MANAGER_CRDS = BIN / "cert-manager.crds.yaml"
OLDEST_GO = (1, 26)
_CERT_MANAGER = "github.com/cert-manager/cert-manager"


@dataclass(frozen=True)
class Module:
    """A Go module: what it builds (its own main, or the tools of its go.mod) and the names it is called by."""

    name: str
    packages: tuple[str, ...] = (".",)
    links: tuple[str, ...] = ()


HELM = Module("helm", ("helm.sh/helm/v3/cmd/helm",))
_CONTAINERD = "github.com/containerd/containerd/v2/cmd/"
MODULES = (
    Module("etcd"),
    Module(
        "kubernetes",
        links=(
            "kube-apiserver",
            "kube-controller-manager",
            "kube-scheduler",
            "kubelet",
            "kube-proxy",
            "kubectl",
            "volume-provisioner",
        ),
    ),
    Module("containerd", tuple(_CONTAINERD + it for it in ("containerd", "containerd-shim-runc-v2", "ctr"))),
    Module("coredns"),
    Module("cert-manager", links=("cert-manager-controller", "cert-manager-cainjector")),
    HELM,
)
CONTROL_PLANE = tuple(it for it in MODULES if it.name in ("etcd", "kubernetes"))


def ensure(modules: tuple[Module, ...]) -> None:
    """Builds what is missing or whose sources changed; a second call costs milliseconds."""
    with lock.held(BIN / ".lock", "another build of the cluster's programs"):
        stale = [it for it in modules if not _is_current(it)]
        if not stale:
            return
        go = find_go()
        progress = Progress(len(stale))
        for module in stale:
            with progress.step(f"building {module.name}"):
                _build(go, module)


def _key(module: Module) -> str:
    digest = hashlib.sha256(repr(module).encode())
    for source in sorted((SOURCES / module.name).iterdir()):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()


def _is_current(module: Module) -> bool:
    stamp = BIN / f".{module.name}.built"
    programs = module.links or [Path(it).name for it in module.packages if it != "."] or [module.name]
    return stamp.exists() and stamp.read_text() == _key(module) and all((BIN / it).exists() for it in programs)


def find_go() -> str:
    """A Go that builds our modules, or the Failure that says what to do."""
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if not go:
        raise Failure("Go is missing, and programs are built with it: run scripts/setup")
    version = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True).stdout.strip()
    numbers = tuple(map(int, re.findall(r"\d+", version)[:2]))
    # From 1.21 on, Go fetches the newer toolchain that a go.mod asks for by itself.
    if numbers < (1, 21):
        raise Failure(
            f"{go} is {version or 'broken'}; {'.'.join(map(str, OLDEST_GO))} is wanted, "
            "or at least 1.21, which fetches it: run scripts/setup"
        )
    return go


def _build(go: str, module: Module) -> None:
    folder = SOURCES / module.name
    staging = BIN / f".{module.name}.new"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    log = BIN / f"{module.name}.log"
    flags = ["-trimpath", "-buildvcs=false", "-ldflags", " ".join(["-s", "-w", *_versions(go, folder)])]
    with log.open("w") as output:
        built = subprocess.run(
            [go, "build", *flags, "-o", f"{staging}/", *module.packages],
            cwd=folder,
            env=os.environ | {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "auto"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if built.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise Failure(
            f"building {module.name} failed; it needs the Go module proxy (see GOPROXY) and about 6 GB of disk "
            f"for the first build. The whole log is {log}; its end:\n{tail}"
        )
    if module.name == "cert-manager":
        _write_cert_manager_crds(go, folder)
    for program in staging.iterdir():
        program.rename(BIN / program.name)
    staging.rmdir()
    for link in module.links:
        path = BIN / link
        path.unlink(missing_ok=True)
        path.symlink_to(module.name)
    (BIN / f".{module.name}.built").write_text(_key(module))


def _module(go: str, folder: Path, path: str) -> dict:
    return json.loads(command.output(go, "list", "-m", "-json", path, folder=folder))


def _versions(go: str, folder: Path) -> list[str]:
    """Linker flags that let Kubernetes' programs report their version: the API server refuses to run without."""
    if folder.name != "kubernetes":
        return []
    version = _module(go, folder, "k8s.io/kubernetes")["Version"]
    major, minor, _ = version.removeprefix("v").split(".")
    values = {"gitVersion": version, "gitMajor": major, "gitMinor": minor}
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return [f"-X {package}.{name}={value}" for package in packages for name, value in values.items()]


def _write_cert_manager_crds(go: str, folder: Path) -> None:
    """cert-manager's CRDs are Helm templates; without the templates' lines they are plain YAML."""
    crds = Path(_module(go, folder, _CERT_MANAGER)["Dir"]) / "deploy" / "crds"
    documents = []
    for source in sorted(crds.glob("crd-*.yaml")):
        documents.append("\n".join(line for line in source.read_text().splitlines() if "{{" not in line))
    CERT_MANAGER_CRDS.write_text("\n---\n".join(documents) + "\n")
