"""An API server's client for programs that run on the cluster's network."""

import http.client
import json
import ssl
import threading
from pathlib import Path
from urllib.parse import urlsplit

from ..cluster.layout import SERVER
from ..console import Failure

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
            self._own.connection = self._connection(timeout=60)
        body = None if content is None else json.dumps(content)
        self._own.connection.request(method, path, body, {"Content-Type": kind, "User-Agent": USER_AGENT})
        answer = self._own.connection.getresponse()
        text = answer.read()
        if answer.status // 100 != 2:
            raise Failure(f"{method} {path}: {answer.status} {text.decode(errors='replace').strip()}")
        return text

    def stream(self, path: str) -> http.client.HTTPResponse:
        """An answer that goes on until one ends it, such as a watch's: lines, each as it comes."""
        connection = self._connection(timeout=None)
        connection.request("GET", path, headers={"User-Agent": USER_AGENT})
        answer = connection.getresponse()
        if answer.status // 100 != 2:
            raise Failure(f"GET {path}: {answer.status} {answer.read().decode(errors='replace').strip()}")
        return answer

    def _connection(self, timeout: int | None) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(urlsplit(SERVER).netloc, context=self._tls, timeout=timeout)
