"""PKI PATH…: watches what is at these paths of the API server, and prints each change with the moment at which it came.

It runs on the cluster's network. Each line is one of JSON: `{"event":"watching"}` once all watches are open, and then
`{"event":"change","at":S,"object":{…}}`, with seconds of the machine's monotonic clock. It ends when its input does.
"""

import json
import os
import sys
import threading
import time
from http.client import HTTPResponse
from pathlib import Path

from ..console import run
from .api import Api


def _print(said: dict) -> None:
    os.write(sys.stdout.fileno(), (json.dumps(said) + "\n").encode())  # at once, and whole


def _tell(changes: HTTPResponse) -> None:
    for line in changes:
        at = time.monotonic()
        _print({"event": "change", "at": at, "object": json.loads(line)["object"]})
    print("a watch ended", file=sys.stderr, flush=True)
    os._exit(1)  # from a thread beside others that wait


def main() -> None:
    pki, *paths = sys.argv[1:]
    api = Api(Path(pki))
    watches = [api.stream(f"{path}?watch=true") for path in paths]
    _print({"event": "watching"})
    for each in watches:
        threading.Thread(target=_tell, args=(each,), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    run("bench", main)
