"""scripts/build-images: makes OCI image archives, without a container engine and without a registry."""

import hashlib
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

from . import console, debian, lock, oci, paths, recipes, rootfs
from .console import Failure, say

IMAGES = paths.CACHE / "images"
RECIPES = {recipe.name: recipe for recipe in recipes.ALL}


def ensure(name: str, output: Path = IMAGES) -> oci.Summary:
    """An image by its name, made now unless it is up to date; others that want one wait meanwhile."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        with lock.held(paths.CACHE / "images.lock", "another build of images"):
            return build(RECIPES[name], output / f"{name}.tar")
    except OSError as error:
        raise Failure(f"{error.filename or output}: {error.strerror}") from error


def build(recipe: recipes.Recipe, archive: Path) -> oci.Summary:
    """Brings one archive up to date and says what it holds."""
    inputs = _fingerprint(recipe)
    made = oci.summarize(archive)
    if made and made.inputs == inputs:
        return made
    with _workspace() as folder:
        root = folder / "root"
        root.mkdir()
        content = recipe.fill(root)
        layer = oci.pack(root, content.owners)
    if recipe.largest_layer and len(layer.compressed) > recipe.largest_layer:
        raise Failure(
            f"{recipe.name} has become too large: {_mebibytes(len(layer.compressed))}"
            f" compressed, where {_mebibytes(recipe.largest_layer)} are allowed"
        )
    oci.write(archive, content.reference, layer, content.config, inputs)
    return oci.summarize(archive)


def _fingerprint(recipe: recipes.Recipe) -> str:
    """Of what an image is made from: its own inputs, and the code that puts it together."""
    code = [Path(module.__file__).read_bytes() for module in (debian, oci, recipes, rootfs)]
    parts = [str(oci.timestamp()).encode(), *code, *recipe.inputs()]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@contextmanager
def _workspace():
    """An empty folder, always the same one: what a killed run left is gone with the next."""
    folder = paths.CACHE / "images.partial"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _mebibytes(size: int) -> str:
    return f"{size / (1 << 20):.1f} MiB"


def _parse() -> tuple[list[str], Path]:
    parser = console.Parser(
        prog="build-images",
        description="Make OCI image archives, for `ctr images import` and `podman load`.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which images (default: all)")
    parser.add_argument("--list", action="store_true", help="say which images there are, and make none")
    parser.add_argument("--output", type=Path, default=IMAGES, metavar="DIR", help=f"default: {IMAGES}")
    wanted = parser.parse_args()
    unknown = [name for name in wanted.names if name not in RECIPES]
    if unknown:
        parser.error(f"no image is called {', '.join(unknown)}; there are {', '.join(RECIPES)}")
    if wanted.list:
        for recipe in RECIPES.values():
            say(f"{recipe.name:<17} {recipe.about}")
        sys.exit()
    return list(dict.fromkeys(wanted.names or RECIPES)), wanted.output


def main() -> None:
    names, output = _parse()
    progress = console.Progress(len(names))
    made = []
    for name in names:
        with progress.step(name):
            made.append(ensure(name, output))
    for image in made:
        say(f"{image.reference:<38} {_mebibytes(image.layer_size):>9}  {image.archive}")


if __name__ == "__main__":
    console.run("build-images", main)
