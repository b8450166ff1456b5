"""What the tests of images share: archives as a container engine reads them, and commands run within one."""

import gzip
import io
import json
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path


class Archive:
    """An image archive as a container engine reads it."""

    def __init__(self, path: Path):
        with tarfile.open(path) as tar:
            self.members = tar.getmembers()
            self.files = {member.name: tar.extractfile(member).read() for member in self.members}
        self.index = json.loads(self.files["index.json"])
        self.reference = self.index["manifests"][0]["annotations"]["io.containerd.image.name"]
        self.manifest = json.loads(self.blob(self.index["manifests"][0]))
        self.image = json.loads(self.blob(self.manifest["config"]))
        self.layer = gzip.decompress(self.blob(self.manifest["layers"][0]))

    def blob(self, descriptor: dict) -> bytes:
        return self.files["blobs/" + descriptor["digest"].replace(":", "/")]

    def entries(self) -> dict[str, tarfile.TarInfo]:
        with tarfile.open(fileobj=io.BytesIO(self.layer)) as tar:
            return {entry.name: entry for entry in tar.getmembers()}

    def unpack(self, folder: Path) -> None:
        with tarfile.open(fileobj=io.BytesIO(self.layer)) as tar:
            tar.extractall(folder)


def inside(root: Path, *command: str) -> list[str]:
    """A command that runs within a root file system, whoever runs the tests."""
    return ["unshare", "--map-root-user", "/usr/sbin/chroot", str(root), *command]


def run_inside(root: Path, *command: str) -> str:
    done = subprocess.run(inside(root, *command), capture_output=True, text=True, timeout=60, env={})
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class WithFolder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
