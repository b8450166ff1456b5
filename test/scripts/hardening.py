#!/usr/bin/python3
"""Looks into the release binaries given as arguments: are they hardened, stripped, and their debug information apart?"""

import functools
import json
import platform
import subprocess
import sys
import unittest
from collections.abc import Callable
from pathlib import Path

BINARIES = [Path(argument) for argument in sys.argv[1:]]
LANDING_PAD = b"\xf3\x0f\x1e\xfa"  # endbr64


def readelf(*arguments: str | Path) -> str:
    return subprocess.run(["readelf", "--wide", *arguments], capture_output=True, text=True, check=True).stdout


def for_each_binary(*options: str) -> Callable:
    """Runs a test once per binary, with what readelf tells about it when given these options; all are tried."""
    def decorated(test: Callable) -> Callable:
        @functools.wraps(test)
        def run(self: unittest.TestCase):
            for binary in BINARIES:
                with self.subTest(binary.name):
                    test(self, readelf(*options, binary) if options else binary)

        return run

    return decorated


class Hardening(unittest.TestCase):
    @for_each_binary("--file-header")
    def test_position_independent(self, header: str):
        self.assertRegex(header, r"Type:\s+DYN \(Position-Independent Executable")

    @for_each_binary("--dynamic")
    def test_bound_at_start(self, dynamic: str):
        self.assertRegex(dynamic, r"FLAGS\b.*BIND_NOW|\(BIND_NOW\)|FLAGS_1.*NOW")

    @for_each_binary("--program-headers")
    def test_relocations_read_only(self, segments: str):
        self.assertIn("GNU_RELRO", segments)

    @for_each_binary("--program-headers")
    def test_stack_not_executable(self, segments: str):
        self.assertRegex(segments, r"GNU_STACK\s.* RW +0")

    @for_each_binary("--dyn-syms")
    def test_stack_protected(self, symbols: str):
        self.assertIn("__stack_chk_fail", symbols)

    @for_each_binary("--dyn-syms")
    def test_calls_into_the_c_library_are_checked(self, symbols: str):
        self.assertRegex(symbols, r"__(?!stack_)\w+_chk@")

    @for_each_binary("--dynamic")
    def test_libraries_come_from_the_system_alone(self, dynamic: str):
        self.assertNotRegex(dynamic, r"\((RPATH|RUNPATH)\)")

    @for_each_binary("--notes")
    def test_known_by_a_build_id(self, notes: str):
        self.assertRegex(notes, r"Build ID: [0-9a-f]{40}\b")

    @unittest.skipUnless(platform.machine() == "x86_64", "endbr64 is an instruction of x86-64")
    @for_each_binary()
    def test_indirect_jumps_have_landing_pads(self, binary: Path):
        self.assertGreater(binary.read_bytes().count(LANDING_PAD), 500)

    @for_each_binary("--sections")
    def test_stripped_with_link_to_debug_information(self, sections: str):
        self.assertNotIn(".symtab", sections)
        self.assertNotIn(".debug_info", sections)
        self.assertIn(".gnu_debuglink", sections)

    @for_each_binary()
    def test_debug_information_apart(self, binary: Path):
        self.assertIn(".debug_info", readelf("--sections", f"{binary}.debug"))

    @for_each_binary()
    def test_compiled_with_what_leaves_no_trace(self, binary: Path):
        commands = json.loads(binary.with_name("compile_commands.json").read_text())
        self.assertTrue(commands)
        for option in (r"-flto\S*", "-D_FORTIFY_SOURCE=3", "-fstack-clash-protection", "-ftrivial-auto-var-init=zero",
                       "-D_GLIBCXX_ASSERTIONS"):
            for command in commands:
                self.assertRegex(command["command"], rf"\s{option}\s", command["file"])
                self.assertNotRegex(command["command"], r"\s(-fno-lto|-O0)\s", command["file"])


if __name__ == "__main__":
    if not BINARIES:
        sys.exit("usage: hardening.py BINARY...")
    unittest.main(argv=sys.argv[:1])
