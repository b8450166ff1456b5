"""scripts/Dockerfile, built by buildah on a Debian made here: the way to images where there is a container engine.

Its storage is gone afterwards; the base and downloads stay in the cache. What this machine has compiled is not compiled again:
sources, options and compiler are the same.
"""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from archives import Archive, run_inside
from tools import debian, images, paths

ROOT = Path(__file__).resolve().parents[2]

CACHE = paths.CACHE / "dockerfile"
BASE = "docker.io/library/debian:bookworm-slim"


def run(*command: str | Path) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout.strip()


class TheDockerfile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        cls.addClassCleanup(cls.buildah, "rm", "--all")
        cls.make_base()

    @classmethod
    def buildah(cls, *arguments: str | Path) -> str:
        places = ["--root", cls.folder / "root", "--runroot", cls.folder / "runroot"]
        return run("buildah", *places, *arguments)

    @classmethod
    def make_base(cls):
        """A minimal Debian under the name that FROM asks for."""
        archive = CACHE / "base.tar"
        if not archive.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            partial = CACHE / "partial.tar"
            run("mmdebstrap", "--quiet", "--variant=apt", "bookworm", partial, debian.mirror())
            partial.rename(archive)
        container = cls.buildah("from", "scratch")
        cls.buildah("add", "--quiet", container, archive, "/")
        cls.buildah("commit", "--quiet", "--rm", container, BASE)

    @classmethod
    def build(cls, target: str) -> str:
        """Builds with this machine's way to its mirror, and with what it has downloaded and compiled before."""
        configuration = cls.folder / "apt.conf"
        configuration.write_text(run("apt-config", "dump", "Acquire") + '\nAPT::Keep-Downloaded-Packages "true";\n')
        volumes = [f"--volume={configuration}:/etc/apt/apt.conf.d/99host:ro"]
        compiled = Path(run("ccache", "--get-config=cache_dir"))
        for folder, place in ((CACHE / "archives", "/var/cache/apt/archives"), (compiled, "/root/.cache/ccache")):
            folder.mkdir(parents=True, exist_ok=True)
            volumes.append(f"--volume={folder}:{place}")
        image = f"localhost/{target}:test"
        cls.buildah(
            "build", "--isolation=chroot", "--pull-never", "--layers", *volumes,
            f"--file={ROOT}/scripts/Dockerfile", f"--ignorefile={ROOT}/scripts/Dockerfile.dockerignore",
            f"--target={target}", f"--tag={image}", ROOT,
        )  # fmt: skip
        return image

    def test_it_makes_the_images_that_build_images_makes(self):
        for target in ("operator", "webhook"):
            with self.subTest(target):
                built = Archive(images.ensure(f"valkey-{target}").archive)
                image = self.build(target)
                config = json.loads(self.buildah("inspect", "--type=image", image))["OCIv1"]["config"]
                for key in ("User", "Entrypoint", "Cmd"):
                    self.assertEqual(config.get(key), built.image["config"].get(key), key)
                self.assertLessEqual(set(built.image["config"]["Env"]), set(config["Env"]))
                self.assertEqual(set(config["Labels"]) - {"io.buildah.version"}, set(built.image["config"]["Labels"]))

                root = Path(self.buildah("mount", self.buildah("from", image)))
                files = {str(path.relative_to(root)) for path in root.rglob("*")}
                self.assertEqual(files, set(built.entries()))
                self.assertEqual((root / "tmp").stat().st_mode & 0o7777, 0o1777)
                self.assertRegex(run_inside(root, *config["Entrypoint"], "--version"), r"\d")
