"""Packages of any Debian release, fetched and unpacked without touching the system's own."""

import re
from pathlib import Path

from . import command, paths, rootfs
from .console import Failure

_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

# What only maintainer scripts need, and none is run: as if it were installed, so that apt leaves it out.
_STATUS = """\
Package: maintainer-scripts-are-not-run
Status: install ok installed
Version: 1
Architecture: all
Maintainer: nobody <nobody@localhost>
Provides: adduser, systemd, init-system-helpers (= 1000)
Description: stands in for packages that are of no use in an image
"""

# The system's hooks would clean up, or notify others, after updates that are not the system's.
_CONFIGURATION = """\
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Default-Release;
APT::Install-Recommends "false";
APT::Keep-Downloaded-Packages "true";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::Cache "{folder}";
Dir::Cache::archives "archives";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::sourcelist "{folder}/debian.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::State "{folder}";
Dir::State::lists "lists";
Dir::State::status "{folder}/status";
"""

_SOURCES = """\
Types: deb
URIs: {mirror}
Suites: {suites}
Components: main
Signed-By: {keyring}
"""


class Release:
    """A release of Debian as apt sees it, with sources, lists and downloads of its own in the cache."""

    def __init__(self, *suites: str):
        self._folder = paths.CACHE / "debian" / suites[-1]
        self._suites = suites

    def unpack(self, packages: list[str], root: Path) -> dict[str, str]:
        """Unpacks packages and all they depend on; says which version of each that was.

        What is cached needs no network; lists that are older than their mirror are fetched anew.
        """
        self._configure()
        if not any(self._folder.glob("lists/*_Packages*")):
            self._apt_get("update")
        try:
            self._apt_get("install", "--download-only", *packages)
        except Failure:
            self._apt_get("update")
            self._apt_get("install", "--download-only", *packages)
        plan = self._apt_get("install", "--simulate", *packages)
        versions = dict(re.findall(r"^Inst (\S+) \((\S+) ", plan, re.MULTILINE))
        for package, version in versions.items():
            [archive] = self._folder.glob(f"archives/{package}_{version.replace(':', '%3a')}_*.deb")
            command.output("dpkg-deb", "--extract", archive, root)
        rootfs.merge_usr(root)
        return versions

    def _configure(self) -> None:
        for folder in ("archives/partial", "lists/partial"):
            (self._folder / folder).mkdir(parents=True, exist_ok=True)
        sources = _SOURCES.format(mirror=mirror(), suites=" ".join(self._suites), keyring=_KEYRING)
        (self._folder / "debian.sources").write_text(sources)
        (self._folder / "status").write_text(_STATUS)
        (self._folder / "apt.conf").write_text(_CONFIGURATION.format(folder=self._folder))

    def _apt_get(self, *arguments: str) -> str:
        return command.output("apt-get", "--config-file", self._folder / "apt.conf", "--yes", *arguments)


def mirror() -> str:
    """The mirror that this machine already uses, where it is a Debian one."""
    targets = command.output("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    mirrors = [uri for uri in targets.split() if uri.rstrip("/").endswith("/debian")]
    if not mirrors:
        raise Failure("apt has no mirror of Debian among its sources: add one")
    return mirrors[0]
