"""The types of options that several benchmarks have."""

import argparse
from collections.abc import Callable, Sequence


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def numbers(text: str) -> list[int]:
    """In rising order, each once."""
    return sorted({positive(it) for it in text.split(",")})


def some_of(known: Sequence[str], what: str) -> Callable[[str], list[str]]:
    """Names, all of which are known."""

    def parse(text: str) -> list[str]:
        wanted = text.split(",")
        if unknown := [it for it in wanted if it not in known]:
            raise argparse.ArgumentTypeError(f"no {what} is called {', '.join(unknown)}; there are {', '.join(known)}")
        return wanted

    return parse
