"""The images that scripts/build-images makes: valid, minimal, and what they say they are."""

import os
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from archives import Archive, WithFolder, inside, run_inside
from tools import console, debian, images, recipes, rootfs

ROOT = Path(__file__).resolve().parents[2]

# A program that needs more than libc, in place of ours.
STAND_IN = Path("/usr/bin/dpkg-deb")


class ARootFileSystem(WithFolder):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "root"
        self.root.mkdir()
        rootfs.fill(self.root, STAND_IN)

    def test_the_program_finds_all_its_libraries(self):
        self.assertIn("Debian", run_inside(self.root, f"/usr/bin/{STAND_IN.name}", "--version"))

    def test_nothing_else_can_be_run(self):
        runnable = {
            path.name
            for path in self.root.rglob("*")
            if path.is_file() and path.stat().st_mode & stat.S_IXUSR and ".so" not in path.name
        }
        self.assertEqual(runnable, {STAND_IN.name})

    def test_it_has_a_user_who_is_not_root(self):
        self.assertIn("nonroot:x:65532:65532:", (self.root / "etc/passwd").read_text())
        self.assertIn("nonroot:x:65532:", (self.root / "etc/group").read_text())

    def test_it_trusts_the_authorities_that_debian_trusts_and_no_others(self):
        trusted = (self.root / rootfs.CERTIFICATES).read_text()
        packaged = list(Path("/usr/share/ca-certificates/mozilla").glob("*.crt"))
        self.assertGreater(len(packaged), 100)
        self.assertEqual(trusted.count("BEGIN CERTIFICATE"), len(packaged))

    def test_every_package_in_it_comes_with_its_licence(self):
        licensed = {path.parent.name for path in self.root.glob("usr/share/doc/*/copyright")}
        self.assertLessEqual({"ca-certificates", "libc6", "libmd0", "zlib1g"}, licensed)

    def test_a_missing_library_is_said(self):
        library = next(self.root.glob("usr/lib/*/libmd.so.0"))
        library.rename(library.with_suffix(".gone"))
        with self.assertRaisesRegex(console.Failure, r"dpkg-deb needs libmd\.so\.0"):
            rootfs.libraries(self.root / "usr/bin/dpkg-deb", self.root)


class ItsCommands(unittest.TestCase):
    def call(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        command = [ROOT / "scripts/build-images", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)

    def test_the_list_names_every_image(self):
        done = self.call("--list")
        self.assertEqual(done.returncode, 0, done.stderr)
        names = [line.split()[0] for line in done.stdout.splitlines()]
        self.assertEqual(names, [recipe.name for recipe in recipes.ALL])

    def test_an_unknown_name_is_answered_with_the_known_ones(self):
        done = self.call("valkey-potato")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no image is called valkey-potato", done.stderr)
        for recipe in recipes.ALL:
            self.assertIn(recipe.name, done.stderr)

    def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(self):
        done = self.call("pause", "--output", "/dev/null/images")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "build-images: /dev/null/images: Not a directory\n")

    def test_a_missing_tool_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            for tool in ("sh", "dirname", "readlink"):
                (Path(folder) / tool).symlink_to(f"/bin/{tool}")
            done = self.call("pause", "--output", folder, PATH=folder, XDG_CACHE_HOME=folder)
            left = sorted(path.name for path in Path(folder).iterdir() if not path.is_symlink())
        self.assertEqual(done.returncode, 1)
        self.assertIn("build-images: clang-19 is missing; scripts/setup installs it\n", done.stderr)
        self.assertEqual(left, ["valkey-operator"])

    def test_two_at_once_take_turns(self):
        with tempfile.TemporaryDirectory() as folder:
            command = [ROOT / "scripts/build-images", "pause", "--output", folder]
            environment = os.environ | {"XDG_CACHE_HOME": folder}
            runs = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
            for run in runs:
                run.communicate()
            self.assertEqual([run.returncode for run in runs], [0, 0])
            self.assertEqual(Archive(Path(folder) / "pause.tar").reference, "localhost/pause:dev")


class BuiltImages(WithFolder):
    """Made from what is cached; only a first run needs the network."""

    def build(self, name: str) -> Archive:
        return Archive(images.ensure(name).archive)

    def unpacked(self, name: str) -> tuple[Archive, Path]:
        archive, root = self.build(name), self.folder / name
        archive.unpack(root)
        return archive, root


class OurImages(BuiltImages):
    def test_each_program_runs_and_nothing_else_is_there(self):
        for name in ("valkey-operator", "valkey-webhook"):
            with self.subTest(name):
                archive, root = self.unpacked(name)
                self.assertRegex(run_inside(root, *archive.image["config"]["Entrypoint"], "--version"), r"\d")
                entries = archive.entries().values()
                self.assertEqual([entry.name for entry in entries if entry.mode & (stat.S_ISUID | stat.S_ISGID)], [])
                writable = [entry.name for entry in entries if entry.mode & 0o002 and not entry.issym()]
                self.assertEqual(writable, ["tmp"])
                self.assertEqual([path.name for path in (root / "usr/bin").iterdir()], [name])
                self.assertEqual(list((root / "usr/sbin").iterdir()), [])

    def test_each_is_small_and_runs_as_nobody_in_particular(self):
        for name in ("valkey-operator", "valkey-webhook"):
            with self.subTest(name):
                archive = self.build(name)
                self.assertLess(archive.manifest["layers"][0]["size"], 15 << 20)
                config = archive.image["config"]
                self.assertEqual(config["User"], "65532:65532")
                self.assertEqual(config["Entrypoint"], [f"/usr/bin/{name}"])
                self.assertEqual(config["Labels"]["org.opencontainers.image.title"], name)
                self.assertEqual(archive.reference.partition(":")[0], f"localhost/{name}")


class AnImageThatGrewTooLarge(BuiltImages):
    def test_is_refused_and_not_written(self):
        class Bloated(recipes.Pause):
            largest_layer = 1000

        path = self.folder / "bloated.tar"
        with self.assertRaisesRegex(console.Failure, "bloated has become too large"):
            images.build(Bloated("bloated", ""), path)
        self.assertFalse(path.exists())


class ValkeyImages(BuiltImages):
    def test_each_holds_the_version_that_its_tag_says(self):
        for name, series in (("valkey-sid", "9."), ("valkey-trixie", "8.1."), ("valkey-bookworm", "8.0.")):
            with self.subTest(name):
                archive, root = self.unpacked(name)
                version = archive.reference.removeprefix("docker.io/valkey/valkey:")
                self.assertTrue(version.startswith(series), version)
                for program in ("/usr/bin/valkey-server", "/usr/local/bin/valkey-server"):
                    self.assertIn(f"v={version} ", run_inside(root, program, "--version"))
                self.assertIn(version, run_inside(root, "/usr/bin/valkey-cli", "--version"))

    def test_the_next_version_is_the_same_server_in_another_image(self):
        newest, following = self.build("valkey-sid"), self.build("valkey-sid-next")
        self.assertEqual(following.reference, f"{newest.reference}-next")
        self.assertNotEqual(following.image["rootfs"], newest.image["rootfs"])

    def test_a_server_starts_by_the_entrypoint_and_answers(self):
        archive, root = self.unpacked("valkey-sid")
        config = archive.image["config"]
        self.assertEqual((config["User"], config["WorkingDir"]), ("999:999", "/data"))
        self.assertEqual(archive.entries()["data"].uid, 999)
        path = config["Env"][0].removeprefix("PATH=")
        arguments = ["--port", "0", "--unixsocket", "/tmp/socket", "--dir", "/data", "--save", ""]
        command = ["timeout", "60", *inside(root, "/usr/local/bin/docker-entrypoint.sh", *arguments)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"PATH": path}) as server:
            try:
                ready = any("Ready to accept connections" in line for line in server.stdout)
                answer = run_inside(root, "/usr/bin/valkey-cli", "-s", "/tmp/socket", "PING")
            finally:
                server.terminate()
        self.assertEqual((ready, answer), (True, "PONG\n"))

    def test_a_shell_is_there_for_the_guard(self):
        _, root = self.unpacked("valkey-sid")
        self.assertEqual(run_inside(root, "/bin/sh", "-c", "echo one | sed s/one/two/"), "two\n")

    def test_what_is_up_to_date_is_not_made_again(self):
        self.build("valkey-sid")
        with mock.patch.object(debian.Release, "unpack", side_effect=AssertionError("made again")):
            self.assertIn("valkey", self.build("valkey-sid").reference)

    def test_packages_come_from_the_cache_when_the_network_is_away(self):
        self.build("valkey-sid")
        away = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
        with mock.patch.dict(os.environ, away):
            versions = debian.Release("sid").unpack(["valkey-server"], self.folder / "packages")
        self.assertIn("valkey-tools", versions)


class ThePauseImage(BuiltImages):
    def test_it_waits_until_it_is_asked_to_end(self):
        archive, root = self.unpacked("pause")
        self.assertEqual([entry for entry in archive.entries()], ["pause"])
        process = subprocess.Popen(inside(root, *archive.image["config"]["Entrypoint"]))
        with self.assertRaises(subprocess.TimeoutExpired):
            process.wait(0.2)
        process.terminate()
        self.assertEqual(process.wait(10), 0)
