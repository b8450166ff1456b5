"""Writes to a Valkey cluster until its standard input ends, and then reads back all that was acknowledged.

    verifying_writer.py HOST [--authority FILE] [--rate WRITES] < password-and-wait

The first line of the input is the password. The last line of the output is a JSON object: what was acknowledged, which
of it is lost, how often which error was seen, and for how long a writer had to wait at worst."""

import argparse
import json
import sys
import threading
import time
from collections import Counter

from valkey_client import Access, Cluster, Refused

_WRITERS = 4
_VERIFYING = 60  # seconds in which what was written has to be read again


class Writer(threading.Thread):
    """Writes one key after the other. What was refused or not answered it does not write again."""

    def __init__(self, number: int, seed: tuple[str, int], access: Access, pause: float):
        super().__init__(daemon=True)
        self._name = f"w{number}"
        self._cluster = Cluster(seed, access)
        self._pause = pause
        self.acknowledged: list[int] = []
        self.errors: Counter[str] = Counter()
        self.worst_stall = 0.0
        self.ends = threading.Event()

    def run(self) -> None:
        turn = 0
        last = time.monotonic()
        while not self.ends.is_set():
            turn += 1
            try:
                self._cluster.ask(self.key(turn), "SET", self.key(turn), str(turn))
            except (OSError, Refused) as error:
                self.errors[kind(error)] += 1
                time.sleep(0.02)
                continue
            now = time.monotonic()
            self.worst_stall = max(self.worst_stall, now - last)
            last = now
            self.acknowledged.append(turn)
            time.sleep(self._pause)

    def key(self, turn: int) -> str:
        return f"{self._name}-{turn}"

    def lost(self, deadline: float) -> list[str]:
        """Keys whose value is not what was acknowledged."""
        return [self.key(turn) for turn in self.acknowledged if self._read(self.key(turn), deadline) != str(turn)]

    def _read(self, key: str, deadline: float) -> str | None:
        while True:
            try:
                return self._cluster.ask(key, "GET", key)
            except (OSError, Refused):
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.05)

    @property
    def redirects(self) -> int:
        return self._cluster.redirects


def kind(error: Exception) -> str:
    return error.kind if isinstance(error, Refused) else type(error).__name__


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("--authority", default="")
    parser.add_argument("--rate", type=float, default=200)
    options = parser.parse_args()
    access = Access(sys.stdin.readline().rstrip("\n"), options.authority)
    writers = [Writer(it, (options.host, 6379), access, _WRITERS / options.rate) for it in range(_WRITERS)]
    for writer in writers:
        writer.start()
    while not all(writer.acknowledged for writer in writers):
        time.sleep(0.01)
    print("writing", flush=True)
    sys.stdin.read()
    for writer in writers:
        writer.ends.set()
    for writer in writers:
        writer.join()
    deadline = time.monotonic() + _VERIFYING
    summary = {
        "acknowledged": sum(len(writer.acknowledged) for writer in writers),
        "lost": [key for writer in writers for key in writer.lost(deadline)],
        "errors": dict(sum((writer.errors for writer in writers), Counter())),
        "redirects": sum(writer.redirects for writer in writers),
        "worst_stall_ms": round(1000 * max(writer.worst_stall for writer in writers)),
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
