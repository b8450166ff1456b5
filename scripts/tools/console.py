"""What the commands say, and how they end: 0 done, 1 failed with one sentence, 2 wrong usage."""

import argparse
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager


class Failure(Exception):
    """One sentence for the person at the keyboard: what is wrong and what to do."""


RawDescription = argparse.RawDescriptionHelpFormatter


class Parser(argparse.ArgumentParser):
    """Usage goes to stderr and ends with 2; no option may be abbreviated, so that none changes meaning later."""

    def __init__(self, **options):
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str):
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}\n")


def run(command: str, main: Callable[[], int | None]) -> None:
    """Runs a command's main function; a Failure becomes its one sentence and exit code 1."""
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        code = main()
        if sys.stdout:
            sys.stdout.flush()
        sys.exit(code or 0)
    except Failure as failure:
        print(f"{command}: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        print(f"{command}: {where}{problem.strerror}", file=sys.stderr)
        sys.exit(1)


def say(message: str) -> None:
    print(message, flush=True)


def elapsed(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60} min {int(seconds) % 60} s"


class Progress:
    """Steps of known number: one line that counts up on a terminal, plain lines elsewhere."""

    def __init__(self, total: int):
        self._total = total
        self._done = 0
        self._terminal = sys.stdout.isatty() and not os.environ.get("CI")

    @contextmanager
    def step(self, what: str):
        """Announces a step, runs the body, and says how long it took."""
        self._done += 1
        head = f"[{self._done}/{self._total}] {what}"
        began = time.monotonic()
        finished = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(head, began, finished), daemon=True)
        if self._terminal:
            ticker.start()
        else:
            say(f"{head} …")
        verdict = "failed after"
        try:
            yield
            verdict = "done in"
        finally:
            finished.set()
            if self._terminal:
                ticker.join()
                sys.stdout.write("\r\033[K")
            say(f"{head}: {verdict} {elapsed(time.monotonic() - began)}")

    def _tick(self, head: str, began: float, finished: threading.Event) -> None:
        while not finished.wait(0.1):
            line = f"{head} … {elapsed(time.monotonic() - began)}"
            sys.stdout.write("\r\033[K" + line[: shutil.get_terminal_size().columns - 1])
            sys.stdout.flush()
