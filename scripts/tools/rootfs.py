"""The root file systems of images: a program, the libraries it needs, and little else."""

import platform
import re
import shutil
import subprocess
from pathlib import Path

from . import command, console
from .console import Failure

NONROOT = 65532
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"

_HOST = Path("/")
_LIBRARIES = f"usr/lib/{platform.machine()}-linux-gnu"


def libraries(binary: Path, system: Path = _HOST) -> dict[str, Path]:
    """The shared libraries a binary loads, by the name it asks for, all from the system given.

    The dynamic loader itself is asked, which runs nothing of the binary and needs no chroot.
    """
    loader = _loader(system)
    listing = command.output(loader, "--library-path", system / _LIBRARIES, "--list", binary)
    found = {}
    for name, path in re.findall(r"^\s*(\S+) => (.+?)(?: \(0x[0-9a-f]+\))?$", listing, re.MULTILINE):
        if not Path(path).is_relative_to(system):
            raise Failure(f"{binary} needs {name}, which is not in {system}: {path}")
        if not name.startswith("/"):
            found[name] = Path(path)
    return found


def lay_out(root: Path) -> None:
    """The folders every image has."""
    merge_usr(root)
    for folder in ("etc", "tmp", _LIBRARIES):
        (root / folder).mkdir()
    (root / "tmp").chmod(0o1777)


def merge_usr(root: Path) -> None:
    """Moves /bin, /lib and their kin into /usr and leaves links, as Debian's installer does."""
    for name in ("bin", "lib", "lib64", "sbin"):
        folder, merged = root / name, root / "usr" / name
        merged.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            shutil.copytree(folder, merged, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(folder)
        folder.symlink_to(f"usr/{name}")


def add_user(root: Path, name: str, number: int, home: str) -> None:
    """Root and one user; names are looked up in files and DNS, which libc does by itself."""
    write(root, "etc/passwd", f"root:x:0:0:root:/root:/sbin/nologin\n{name}:x:{number}:{number}::{home}:/sbin/nologin\n")
    write(root, "etc/group", f"root:x:0:\n{name}:x:{number}:\n")
    write(root, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")


def add_programs(root: Path, binaries: list[Path], system: Path = _HOST) -> None:
    """Programs in /usr/bin, with the loader and libraries of the system they come from."""
    needed = {}
    for binary in binaries:
        shutil.copy(binary, root / "usr/bin" / binary.name)
        needed |= libraries(binary, system)
    for name, path in needed.items():
        shutil.copy(path, root / _LIBRARIES / name)
    loader = _loader(system)
    shutil.copy(loader, root / loader.relative_to(system))


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def fill(root: Path, binary: Path) -> None:
    """One of this project's programs as an image: no shell, nothing that it does not load or read."""
    lay_out(root)
    add_user(root, "nonroot", NONROOT, "/")
    add_programs(root, [binary])
    write(root, CERTIFICATES, _certificates())
    for package in ["ca-certificates", *_packages([_loader(_HOST), *libraries(binary).values()])]:
        copyright_file = f"usr/share/doc/{package}/copyright"
        write(root, copyright_file, (_HOST / copyright_file).read_text())


def _loader(system: Path) -> Path:
    for loader in [*system.glob("lib64/ld-linux-*.so.*"), *system.glob("lib/ld-linux-*.so.*")]:
        return loader
    raise Failure(f"{system} has no dynamic loader: only Debian on amd64 and arm64 is known here")


def _certificates() -> str:
    """Debian's own list: this machine's may have been added to."""
    files = sorted(Path("/usr/share/ca-certificates/mozilla").glob("*.crt"))
    if not files:
        raise Failure("the package ca-certificates is missing; scripts/setup installs it")
    return "".join(file.read_text() for file in files)


def _packages(files: list[Path]) -> list[str]:
    """The packages that installed files belong to, whose records may say /lib where the file is in /usr/lib."""
    names = {str(file.resolve()) for file in files}
    names |= {name.removeprefix("/usr") for name in names}
    listing = subprocess.run(["dpkg-query", "--search", *sorted(names)], capture_output=True, text=True).stdout
    return sorted({line.partition(":")[0] for line in listing.splitlines()})


def main() -> None:
    parser = console.Parser(prog="rootfs", description="Fill a new folder with a program's root file system.")
    parser.add_argument("binary", type=Path)
    parser.add_argument("folder", type=Path)
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True)
    fill(wanted.folder, wanted.binary)


if __name__ == "__main__":
    console.run("rootfs", main)
