"""Image archives in the OCI layout, byte for byte the same whenever their content is."""

import gzip
import hashlib
import io
import json
import os
import platform
import stat
import tarfile
from dataclasses import dataclass
from pathlib import Path

_MEDIA_TYPE = "application/vnd.oci.image"
_NAME = "io.containerd.image.name"
_TAG = "org.opencontainers.image.ref.name"
_INPUTS = "dev.valkey-operator.inputs"


@dataclass(frozen=True)
class Layer:
    diff_id: str
    compressed: bytes


@dataclass(frozen=True)
class Summary:
    archive: Path
    reference: str
    inputs: str
    """The fingerprint of what the archive was made from."""
    layer_size: int


def timestamp() -> int:
    """The time that every file is given: https://reproducible-builds.org/specs/source-date-epoch/."""
    return int(os.environ.get("SOURCE_DATE_EPOCH", 0))


def pack(folder: Path, owners: dict[str, int]) -> Layer:
    """A layer from a folder. All is root's but for `owners` (path -> user and group), whoever packs it."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            entry = tar.gettarinfo(path, name)
            entry.uid = entry.gid = owners.get(name, 0)
            entry.uname = entry.gname = ""
            entry.mtime = timestamp()
            entry.mode = _mode(entry.mode, entry.isfile())
            if entry.isfile():
                with path.open("rb") as content:
                    tar.addfile(entry, content)
            else:
                tar.addfile(entry)
    return Layer(_digest(plain.getbuffer()), gzip.compress(plain.getbuffer(), compresslevel=6, mtime=0))


def write(archive: Path, reference: str, layer: Layer, config: dict, inputs: str) -> None:
    """Writes beside the archive first, so that no half of one is ever found under its name."""
    image = {
        "architecture": {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()],
        "os": "linux",
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": [layer.diff_id]},
    }
    blobs: list[bytes] = []
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{_MEDIA_TYPE}.manifest.v1+json",
        "config": _descriptor(blobs, _json(image), f"{_MEDIA_TYPE}.config.v1+json"),
        "layers": [_descriptor(blobs, layer.compressed, f"{_MEDIA_TYPE}.layer.v1.tar+gzip")],
    }
    index = {
        "schemaVersion": 2,
        "mediaType": f"{_MEDIA_TYPE}.index.v1+json",
        "manifests": [_descriptor(blobs, _json(manifest), manifest["mediaType"])],
    }
    index["manifests"][0]["annotations"] = {
        _NAME: reference,
        _TAG: reference.rpartition(":")[2],
        _INPUTS: inputs,
    }
    partial = archive.with_name(f".{archive.name}.partial")
    try:
        with tarfile.open(partial, "w") as tar:
            _add(tar, "oci-layout", _json({"imageLayoutVersion": "1.0.0"}))
            _add(tar, "index.json", _json(index))
            for blob in blobs:
                _add(tar, _path(_digest(blob)), blob)
        partial.replace(archive)
    finally:
        partial.unlink(missing_ok=True)


def summarize(archive: Path) -> Summary | None:
    """What an archive that `write` made holds; None when there is none, or another program's."""
    try:
        with tarfile.open(archive) as tar:
            described = _read(tar, "index.json")["manifests"][0]
            manifest = _read(tar, _path(described["digest"]))
        annotations = described["annotations"]
        return Summary(archive, annotations[_NAME], annotations[_INPUTS], manifest["layers"][0]["size"])
    except (FileNotFoundError, tarfile.TarError, KeyError):
        return None


def _mode(mode: int, is_file: bool) -> int:
    """The usual modes, whatever the packer's umask; what is sticky is a /tmp."""
    if mode & stat.S_ISVTX:
        return 0o1777
    return 0o644 if is_file and not mode & stat.S_IXUSR else 0o755


def _descriptor(blobs: list[bytes], blob: bytes, media_type: str) -> dict:
    blobs.append(blob)
    return {"mediaType": media_type, "digest": _digest(blob), "size": len(blob)}


def _digest(content: bytes | memoryview) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _path(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _json(value: dict) -> bytes:
    return json.dumps(value, indent=1).encode()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def _read(tar: tarfile.TarFile, name: str) -> dict:
    return json.load(tar.extractfile(name))
