"""Just enough of a client for Valkey clusters: RESP2 over a socket, redirects, and who has which slot."""

import socket
import ssl
from dataclasses import dataclass

SLOTS = 16384
PATIENCE = 2.0


class Refused(Exception):
    """What a server said instead of an answer; its first word says what kind of refusal it is."""

    @property
    def kind(self) -> str:
        return str(self).partition(" ")[0]


@dataclass(frozen=True)
class Access:
    """How servers are reached: the password of the user default, and an authority's file where they speak TLS."""

    password: str
    authority: str = ""


class Connection:
    def __init__(self, address: tuple[str, int], access: Access):
        self._socket = socket.create_connection(address, PATIENCE)
        if access.authority:
            context = ssl.create_default_context(cafile=access.authority)
            context.check_hostname = False  # servers are reached by their addresses here
            self._socket = context.wrap_socket(self._socket)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")
        self.ask("AUTH", access.password)

    def ask(self, *words: str):
        """The reply; a refusal is raised, and so is an OSError of the connection."""
        return self.ask_all([words])[0]

    def ask_all(self, commands: list[tuple[str, ...]]) -> list:
        """The replies to what is sent at once; the first refusal is raised."""
        self._socket.sendall(b"".join(map(encoded, commands)))
        replies = [self._read() for _ in commands]
        if refused := next((it for it in replies if isinstance(it, Refused)), None):
            raise refused
        return replies

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def _read(self):
        line = self._file.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionResetError("the server has ended the connection")
        kind, rest = line[:1], line[1:-2].decode()
        if kind == b"+":
            return rest
        if kind == b"-":
            return Refused(rest)
        if kind == b":":
            return int(rest)
        if kind == b"$":
            size = int(rest)
            return None if size < 0 else self._file.read(size + 2)[:-2].decode()
        return [self._read() for _ in range(int(rest))]


def encoded(words: tuple[str, ...]) -> bytes:
    parts = [f"*{len(words)}\r\n".encode()]
    for word in words:
        data = word.encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)


def slot_of(key: str) -> int:
    """CRC-16/XMODEM of all of a key without braces."""
    crc = 0
    for byte in key.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc % SLOTS


class Cluster:
    """Keeps a connection to each server, and asks whoever has a key's slot."""

    def __init__(self, seed: tuple[str, int], access: Access):
        self._seed = seed
        self._access = access
        self._owners: dict[int, tuple[str, int]] = {}
        self._connections: dict[tuple[str, int], Connection] = {}
        self.redirects = 0

    def ask(self, key: str, *words: str):
        """Follows redirects; any other refusal, and an OSError, is raised, and what is known of the cluster forgotten."""
        try:
            return self._ask(self._owner_of(slot_of(key)), words)
        except (OSError, Refused):
            self.forget()
            raise

    def forget(self) -> None:
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()
        self._owners.clear()

    def _ask(self, address: tuple[str, int], words: tuple[str, ...]):
        for _ in range(5):
            try:
                return self._connection(address).ask(*words)
            except Refused as refused:
                if refused.kind != "MOVED":
                    raise
                self.redirects += 1
                _, slot, where = str(refused).split()
                host, _, port = where.rpartition(":")
                address = self._owners[int(slot)] = (host, int(port))
        raise Refused("MOVED in circles")

    def _connection(self, address: tuple[str, int]) -> Connection:
        if address not in self._connections:
            self._connections[address] = Connection(address, self._access)
        return self._connections[address]

    def _owner_of(self, slot: int) -> tuple[str, int]:
        if slot not in self._owners:
            for first, last, owner, *_ in self._connection(self._seed).ask("CLUSTER", "SLOTS"):
                for each in range(first, last + 1):
                    self._owners[each] = (owner[0] or self._seed[0], owner[1])
        if slot not in self._owners:
            raise Refused("CLUSTERDOWN nobody has the slot")
        return self._owners[slot]
