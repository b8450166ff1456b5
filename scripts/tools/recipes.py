"""Which images there are, and how each is made."""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from . import command, debian, paths, rootfs

_TOOLS = Path(__file__).parent
_VALKEY = 999
_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ANNOTATION = "org.opencontainers.image"

# As upstream's image does: arguments that are no command are the server's.
_ENTRYPOINT = """\
#!/bin/sh
case "$1" in
  -* | *.conf) exec valkey-server "$@" ;;
  *) exec "$@" ;;
esac
"""


@dataclass
class Content:
    """What a recipe filled a folder with."""

    reference: str
    config: dict
    owners: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """One of this project's two programs, from its release build."""

    name: str
    about: str
    largest_layer = 15 << 20

    def inputs(self) -> list[bytes]:
        """Builds the program, which is quick when nothing changed."""
        command.output("cmake", "--preset", "release", folder=paths.ROOT)
        command.output("cmake", "--build", "--preset", "release", "--target", self.name, folder=paths.ROOT)
        binary = self._binary()
        files = [binary, *rootfs.libraries(binary).values()]
        return [*(file.read_bytes() for file in files), *map(str.encode, self._labels().values())]

    def fill(self, root: Path) -> Content:
        rootfs.fill(root, self._binary())
        config = {
            "User": f"{rootfs.NONROOT}:{rootfs.NONROOT}",
            "Env": [_PATH, f"SSL_CERT_FILE=/{rootfs.CERTIFICATES}"],
            "Entrypoint": [f"/usr/bin/{self.name}"],
            "Labels": self._labels(),
        }
        return Content(f"localhost/{self.name}:{_version()}", config)

    def _binary(self) -> Path:
        return paths.ROOT / "build/release" / self.name

    def _labels(self) -> dict[str, str]:
        return {
            f"{_ANNOTATION}.title": self.name,
            f"{_ANNOTATION}.version": _version(),
            f"{_ANNOTATION}.revision": _git("rev-parse", "HEAD") or "unknown",
            f"{_ANNOTATION}.licenses": "Apache-2.0",
        }


@dataclass(frozen=True)
class Valkey:
    """Valkey's server and tools as Debian builds them, with a shell for the start-up guard."""

    name: str
    about: str
    suites: tuple[str, ...]
    suffix: str = ""
    """Makes another version of the same server, for an upgrade to arrive at."""
    largest_layer = None

    def inputs(self) -> list[bytes]:
        return [" ".join(self.suites).encode(), self.suffix.encode()]

    def fill(self, root: Path) -> Content:
        rootfs.lay_out(root)
        rootfs.add_user(root, "valkey", _VALKEY, "/data")
        rootfs.write(root, "usr/share/valkey-image", f"{self.name}\n")
        with TemporaryDirectory(dir=root.parent) as folder:
            system = Path(folder)
            versions = debian.Release(*self.suites).unpack(["valkey-server", "busybox-static"], system)
            self._add_servers(root, system)
            _add_shell(root, system)
            for text in system.glob("usr/share/doc/*/copyright"):
                rootfs.write(root, str(text.relative_to(system)), text.read_text())
        (root / "data").mkdir()
        entrypoint = root / "usr/local/bin/docker-entrypoint.sh"
        entrypoint.write_text(_ENTRYPOINT)
        entrypoint.chmod(0o755)
        config = {
            "User": f"{_VALKEY}:{_VALKEY}",
            "ExposedPorts": {"6379/tcp": {}},
            "Env": [_PATH],
            "Entrypoint": ["docker-entrypoint.sh"],
            "Cmd": ["valkey-server"],
            "Volumes": {"/data": {}},
            "WorkingDir": "/data",
        }
        version = re.match(r"[\d.]+", versions["valkey-server"])[0]
        return Content(f"docker.io/valkey/valkey:{version}{self.suffix}", config, {"data": _VALKEY})

    @staticmethod
    def _add_servers(root: Path, system: Path) -> None:
        binaries = sorted(system.glob("usr/bin/valkey-*"))
        rootfs.add_programs(root, binaries, system)
        upstream_place = root / "usr/local/bin"
        upstream_place.mkdir(parents=True)
        for binary in binaries:
            (upstream_place / binary.name).symlink_to(f"../../bin/{binary.name}")


@dataclass(frozen=True)
class Pause:
    """The sandbox that holds a pod's namespaces."""

    name: str
    about: str
    largest_layer = None

    def inputs(self) -> list[bytes]:
        return [(_TOOLS / "pause.c").read_bytes()]

    def fill(self, root: Path) -> Content:
        source = _TOOLS / "pause.c"
        command.output("clang-19", "-std=c17", "-Os", "-static", "-s", "-Wall", "-Werror", "-o", root / "pause", source)
        return Content(f"localhost/{self.name}:dev", {"User": "65535:65535", "Entrypoint": ["/pause"]})


def _add_shell(root: Path, system: Path) -> None:
    """Busybox under every name it answers to, after what the image has of its own."""
    shutil.copy(system / "bin/busybox", root / "bin/busybox")
    for applet in command.output(system / "bin/busybox", "--list").split():
        name = root / "bin" / applet
        if not name.exists():
            name.symlink_to("busybox")


def _version() -> str:
    """A release's own where its tag is checked out, else `dev`."""
    return _git("describe", "--tags", "--exact-match", "--match", "v*").removeprefix("v") or "dev"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=paths.ROOT, capture_output=True, text=True)
    return done.stdout.strip()


Recipe = Program | Valkey | Pause

ALL: tuple[Recipe, ...] = (
    Program("valkey-operator", "the operator, from the release build"),
    Program("valkey-webhook", "the webhook, from the release build"),
    Valkey("valkey-sid", "the newest Valkey in Debian", ("sid",)),
    Valkey("valkey-sid-next", "the same under a version of its own, to upgrade to", ("sid",), "-next"),
    Valkey("valkey-trixie", "Valkey 8.1", ("trixie",)),
    Valkey("valkey-bookworm", "Valkey 8.0, from backports", ("bookworm", "bookworm-backports")),
    Pause("pause", "the sandbox of the local cluster's pods"),
)
