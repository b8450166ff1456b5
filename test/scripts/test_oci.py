"""OCI image archives: valid, reproducible, and never half written."""

import hashlib
import json
import os
import tarfile
import unittest
from pathlib import Path
from unittest import mock

from archives import Archive, WithFolder
from tools import oci


class AnArchive(WithFolder):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "root"
        (self.root / "data").mkdir(parents=True)
        (self.root / "tmp").mkdir()
        (self.root / "tmp").chmod(0o1777)
        (self.root / "program").write_text("#!/bin/sh\n")
        (self.root / "program").chmod(0o4775)
        (self.root / "link").symlink_to("program")
        (self.root / "text").write_text("words\n")
        self.archive = self.folder / "image.tar"

    def write(self) -> Archive:
        layer = oci.pack(self.root, {"data": 999})
        oci.write(self.archive, "localhost/some:tag", layer, {"Cmd": ["/program"]}, "inputs")
        return Archive(self.archive)

    def test_every_descriptor_tells_the_size_and_digest_of_its_blob(self):
        archive = self.write()
        described = [archive.index["manifests"][0], archive.manifest["config"], *archive.manifest["layers"]]
        for descriptor in described:
            blob = archive.blob(descriptor)
            self.assertEqual(descriptor["size"], len(blob))
            self.assertEqual(descriptor["digest"], "sha256:" + hashlib.sha256(blob).hexdigest())
        self.assertEqual(len(archive.files), 2 + len(described))
        self.assertEqual(json.loads(archive.files["oci-layout"]), {"imageLayoutVersion": "1.0.0"})

    def test_the_diff_id_is_the_digest_of_the_uncompressed_layer(self):
        archive = self.write()
        self.assertEqual(
            archive.image["rootfs"],
            {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(archive.layer).hexdigest()]},
        )

    def test_it_carries_its_name_and_configuration(self):
        archive = self.write()
        self.assertEqual(archive.reference, "localhost/some:tag")
        self.assertEqual(archive.image["config"], {"Cmd": ["/program"]})
        self.assertEqual(archive.image["os"], "linux")

    def test_owners_modes_and_times_do_not_come_from_the_machine(self):
        entries = self.write().entries()
        self.assertEqual(list(entries), ["data", "link", "program", "text", "tmp"])
        modes = {name: entry.mode for name, entry in entries.items() if not entry.issym()}
        self.assertEqual(modes, {"data": 0o755, "program": 0o755, "text": 0o644, "tmp": 0o1777})
        self.assertEqual({name: entry.uid for name, entry in entries.items() if entry.uid}, {"data": 999})
        self.assertEqual({entry.mtime for entry in entries.values()}, {0})

    def test_the_same_content_makes_the_same_bytes(self):
        self.write()
        first = self.archive.read_bytes()
        os.utime(self.root / "text", (1, 1))
        self.write()
        self.assertEqual(self.archive.read_bytes(), first)

    def test_files_take_the_time_that_the_environment_asks_for(self):
        with mock.patch.dict(os.environ, SOURCE_DATE_EPOCH="1700000000"):
            entries = self.write().entries()
        self.assertEqual({entry.mtime for entry in entries.values()}, {1700000000})

    def test_its_summary_is_read_back(self):
        archive = self.write()
        size = archive.manifest["layers"][0]["size"]
        self.assertEqual(oci.summarize(self.archive), oci.Summary(self.archive, "localhost/some:tag", "inputs", size))

    def test_a_failed_write_leaves_what_was_there(self):
        self.write()
        before = self.archive.read_bytes()
        with mock.patch.object(tarfile.TarFile, "addfile", side_effect=OSError(28, "No space left on device")):
            layer = oci.Layer("sha256:0", b"")
            with self.assertRaises(OSError):
                oci.write(self.archive, "localhost/other:tag", layer, {}, "other")
        self.assertEqual(self.archive.read_bytes(), before)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["image.tar", "root"])

    def test_what_is_no_archive_of_ours_has_no_summary(self):
        self.assertIsNone(oci.summarize(self.archive))
        self.archive.write_bytes(b"torn")
        self.assertIsNone(oci.summarize(self.archive))
        self.write()
        self.archive.write_bytes(self.archive.read_bytes()[:2000])
        self.assertIsNone(oci.summarize(self.archive))
        with tarfile.open(self.archive, "w"):
            pass
        self.assertIsNone(oci.summarize(self.archive))
