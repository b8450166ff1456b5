"""The programs that are measured, and how each is built. test/bench/README.md says what they must do."""

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

from .. import command, paths
from ..cluster import binaries
from ..console import Failure

SOURCES = paths.ROOT / "test" / "bench"
_BUILT = paths.CACHE / "bench"


@dataclass(frozen=True)
class Variant:
    """Settings of a program: the argument that it is started with, and what that means."""

    argument: str
    about: str


@dataclass(frozen=True)
class OurProgram:
    name: str
    variants: tuple[Variant, ...]
    target: str

    def build(self) -> Path:
        return build(self.target)

    def versions(self) -> str:
        return our_version()


@dataclass(frozen=True)
class GoProgram:
    name: str
    variants: tuple[Variant, ...]
    library: str

    def build(self) -> Path:
        program = _BUILT / self.name
        go = ("env", "CGO_ENABLED=0", binaries.find_go())
        flags = ("-mod=readonly", "-trimpath", "-ldflags=-s -w")
        command.output(*go, "build", *flags, "-o", program, ".", folder=SOURCES / self.name)
        return program

    def versions(self) -> str:
        go, folder = binaries.find_go(), SOURCES / self.name
        library = command.output(go, "list", "-mod=readonly", "-m", self.library, folder=folder).split()[1]
        return f"{library} with {command.output(go, 'env', 'GOVERSION', folder=folder).strip()}"


@dataclass(frozen=True)
class CargoProgram:
    name: str
    variants: tuple[Variant, ...]
    library: str

    def build(self) -> Path:
        place = _BUILT / self.name
        command.output(_cargo(), "build", "--release", "--locked", "--target-dir", place, folder=SOURCES / self.name)
        return place / "release" / self.name

    def versions(self) -> str:
        locked = tomllib.loads((SOURCES / self.name / "Cargo.lock").read_text())["package"]
        library = next(it["version"] for it in locked if it["name"] == self.library)
        rust = command.output(_cargo().with_name("rustc"), "--version").split()[1]
        return f"v{library} with Rust {rust}"


def _cargo() -> Path:
    cargo = shutil.which("cargo") or shutil.which("cargo", path=Path.home() / ".cargo/bin")
    if not cargo:
        raise Failure("cargo is missing, and kube-rs is built with it: install Rust from https://rustup.rs, or leave kube-rs out with --only")
    return Path(cargo)


def build(target: str) -> Path:
    """A program of ours, from the release build."""
    command.output("cmake", "--preset", "release", folder=paths.ROOT)
    command.output("cmake", "--build", "--preset", "release", "--target", target, folder=paths.ROOT)
    return paths.ROOT / "build" / "release" / target


def our_version() -> str:
    return command.output("git", "describe", "--always", "--dirty", folder=paths.ROOT).strip()


def api_server() -> str:
    return command.output(binaries.BIN / "kube-apiserver", "--version").strip()


Program = OurProgram | GoProgram | CargoProgram

DEFAULT = Variant("default", "as it comes")
STRIPPED = Variant("stripped", "managedFields dropped before an object is kept")

ALL: tuple[Program, ...] = (
    OurProgram("valkey-operator", (DEFAULT,), "bench-kube"),
    CargoProgram("kube-rs", (DEFAULT, STRIPPED, Variant("streaming", "the same, and a watch instead of a list")), "kube"),
    GoProgram("controller-runtime", (DEFAULT, STRIPPED), "sigs.k8s.io/controller-runtime"),
)
