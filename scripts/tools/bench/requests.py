"""How a program asked for its objects, from the API server's audit log."""

from collections import Counter
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from ..cluster import audit
from .api import USER_AGENT

_TELLING = ("limit", "resourceVersion", "resourceVersionMatch", "sendInitialEvents")


def summary(lines: Iterable[str]) -> str:
    """Lists and watches of the benchmark's objects in the order of their first: `100× list limit=500, watch`."""
    counted: Counter[str] = Counter()
    for event in audit.events(lines):
        ours = event.get("userAgent") == USER_AGENT  # some programs have none
        about_objects = event.get("objectRef", {}).get("resource") == "valkeyclusters" and not ours
        if about_objects and event["verb"] in ("list", "watch"):
            counted[_named(event["verb"], event["requestURI"])] += 1
    return ", ".join(f"{count}× {request}" if count > 1 else request for request, count in counted.items())


def _named(verb: str, uri: str) -> str:
    """The verb and what tells a kind of list or watch from another; a version that is not 0 differs in every run."""
    asked = {key: values[0] for key, values in parse_qs(urlsplit(uri).query).items() if key in _TELLING}
    if asked.get("resourceVersion", "0") != "0":
        del asked["resourceVersion"]
    return " ".join([verb, *(f"{key}={asked[key]}" for key in sorted(asked))])
