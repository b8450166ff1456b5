"""PKI ACTION [NUMBER…]: writes and reads the objects that caches are filled with, over kept-alive connections.

It runs on the cluster's network, and says in one line of JSON what it did.
"""

import itertools
import json
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..console import run
from . import samples
from .api import Api

_CONNECTIONS = 16
_PAGE = 500


def create(api: Api, first: int, last: int) -> dict:
    """Makes the objects from `first` to before `last`, each as its user and its operator would."""

    def one(number: int) -> None:
        api.ask("POST", f"{samples.API}?fieldManager=helm", samples.created(number))
        _patch_status(api, number, samples.reported(number))

    return _in_parallel(one, range(first, last))


def update(api: Api, count: int, objects: int) -> dict:
    """Writes `count` changes of status, spread over the objects."""
    turn = time.time_ns()
    return _in_parallel(lambda it: _patch_status(api, it % objects, samples.changed(turn + it)), range(count))


def size(api: Api) -> dict:
    """How many objects there are, and their JSON as the server writes it."""
    objects = bytes_ = 0
    token = ""
    while True:
        page = api.ask("GET", f"{samples.API}?limit={_PAGE}&continue={token}")
        listed = json.loads(page)
        objects += len(listed["items"])
        bytes_ += len(page)
        if not (token := listed["metadata"].get("continue", "")):
            return {"objects": objects, "bytes": bytes_}


def _patch_status(api: Api, number: int, content: dict) -> None:
    path = f"{samples.API}/{samples.name(number)}/status?fieldManager=valkey-operator"
    api.ask("PATCH", path, content, "application/merge-patch+json")


def _in_parallel(one: Callable[[int], None], numbers: Iterable[int]) -> dict:
    began = time.monotonic()
    waiting = iter(numbers)  # shared by the threads: next() on it is atomic
    done = itertools.count()

    def work(_: int) -> None:
        for number in waiting:
            one(number)
            next(done)

    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        list(pool.map(work, range(_CONNECTIONS)))
    return {"count": next(done), "seconds": time.monotonic() - began}


def main() -> None:
    pki, action, *numbers = sys.argv[1:]
    actions = {"create": create, "update": update, "size": size}
    print(json.dumps(actions[action](Api(Path(pki)), *map(int, numbers))))


if __name__ == "__main__":
    run("bench", main)
