#!/usr/bin/python3
"""Looks into the release binaries given as arguments: are they hardened, stripped, and their debug information apart?"""

import subprocess
import sys
import unittest
from pathlib import Path

BINARIES = [Path(argument) for argument in sys.argv[1:]]


def readelf(*arguments: str | Path) -> str:
    return subprocess.run(["readelf", "--wide", *arguments], capture_output=True, text=True, check=True).stdout


class Hardening(unittest.TestCase):
    def each(self, *options: str):
        for binary in BINARIES:
            with self.subTest(binary.name):
                yield readelf(*options, binary)

    def test_position_independent(self):
        for header in self.each("--file-header"):
            self.assertRegex(header, r"Type:\s+DYN \(Position-Independent Executable")

    def test_bound_at_start(self):
        for dynamic in self.each("--dynamic"):
            self.assertRegex(dynamic, r"FLAGS\b.*BIND_NOW|\(BIND_NOW\)|FLAGS_1.*NOW")

    def test_relocations_read_only(self):
        for segments in self.each("--program-headers"):
            self.assertIn("GNU_RELRO", segments)

    def test_stack_not_executable(self):
        for segments in self.each("--program-headers"):
            self.assertRegex(segments, r"GNU_STACK\s.* RW +0")

    def test_stack_protected(self):
        for symbols in self.each("--dyn-syms"):
            self.assertIn("__stack_chk_fail", symbols)

    def test_stripped_with_link_to_debug_information(self):
        for sections in self.each("--sections"):
            self.assertNotIn(".symtab", sections)
            self.assertNotIn(".debug_info", sections)
            self.assertIn(".gnu_debuglink", sections)
        for binary in BINARIES:
            self.assertIn(".debug_info", readelf("--sections", f"{binary}.debug"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
