"""A Debian with nothing but its base system and git, as a root of its own."""

import os
import subprocess
from pathlib import Path

from tools import debian, paths

# The folder becomes the root, as on a machine of its own: the kernel's file systems come along, nothing else does.
_ENTER = """
set -e
mount --bind "$ROOT" "$ROOT"
cd "$ROOT"
for kernel in dev proc sys; do mount --rbind /$kernel $kernel; done
mount --bind "$CHECKOUT" mnt
if [ -n "$CACHE" ]; then mount --bind "$CACHE" root/.cache/valkey-operator; fi
cp --dereference /etc/resolv.conf etc/resolv.conf
mkdir -p outside
pivot_root . outside
umount --lazy outside
exec "$@"
"""
_AUTHORITIES = "/etc/this-machines-authorities.crt"


class BareMachine:
    def __init__(self, root: Path, suite: str, share_cache: bool = False):
        """Makes the machine, with this one's way to its package registries, and a checkout in /srv/project."""
        self._root = root
        self._cache = paths.CACHE if share_cache else None
        packages = "--include=ca-certificates,git"
        made = ["mmdebstrap", "--quiet", "--variant=minbase", packages, suite, root, debian.mirror()]
        subprocess.run(made, check=True)
        acquire = subprocess.run(["apt-config", "dump", "Acquire"], check=True, capture_output=True, text=True)
        (root / "etc/apt/apt.conf.d/99host").write_text(acquire.stdout)
        authorities = Path(os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"))
        (root / _AUTHORITIES[1:]).write_bytes(authorities.read_bytes())
        (root / "root/.cache/valkey-operator").mkdir(parents=True)
        self.run("git", "clone", "--quiet", "file:///mnt", "/srv/project")

    def run(self, *command: str) -> subprocess.CompletedProcess:
        """Runs a command in the checkout, if there is one, and prints what it prints."""
        enter = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _ENTER, "sh"]
        inside = ["env", "-i", *self._environment(), "sh", "-c", 'cd /srv/project 2>/dev/null; exec "$@"', "sh", *command]
        outside = os.environ | {"ROOT": str(self._root), "CHECKOUT": str(paths.ROOT), "CACHE": str(self._cache or "")}
        done = subprocess.run([*enter, *inside], env=outside, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        print(done.stdout)
        return done

    def _environment(self) -> list[str]:
        passed = {it: value for it, value in os.environ.items() if it.lower().endswith("_proxy") or it == "GOPROXY"}
        own = {
            "HOME": "/root",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "CI": "true",
            "SSL_CERT_FILE": _AUTHORITIES,
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
        }
        return [f"{name}={value}" for name, value in (passed | own).items()]
