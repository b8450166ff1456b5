"""PKI ACTION [NUMBER…]: writes and reads the objects that caches are filled with, over kept-alive connections.

It runs on the cluster's network, and says in one line of JSON what it did.
"""

import http.client
import itertools
import json
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from ..cluster.layout import SERVER
from ..console import Failure, run
from . import samples

_CONNECTIONS = 16
_PAGE = 500
USER_AGENT = "bench-load"


class Api:
    """One connection to the API server for each thread."""

    def __init__(self, pki: Path):
        self._tls = ssl.create_default_context(cafile=pki / "ca.crt")
        self._tls.load_cert_chain(pki / "admin.crt", pki / "admin.key")
        self._own = threading.local()

    def ask(self, method: str, path: str, content: dict | None = None, kind: str = "application/json") -> bytes:
        """What the server answers with 2xx; anything else is a Failure."""
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPSConnection(urlsplit(SERVER).netloc, context=self._tls, timeout=60)
        body = None if content is None else json.dumps(content)
        self._own.connection.request(method, path, body, {"Content-Type": kind, "User-Agent": USER_AGENT})
        answer = self._own.connection.getresponse()
        text = answer.read()
        if answer.status // 100 != 2:
            raise Failure(f"{method} {path}: {answer.status} {text.decode(errors='replace').strip()}")
        return text


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
