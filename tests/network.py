"""No network: the process refuses sockets and look-ups that lead beyond the loopback.

An audit hook sees every connection that Python code makes, whichever library asks, and nothing has to be patched. It
cannot be removed, so it is installed once and switched.
"""

import sys
from ipaddress import ip_address
from typing import Any

WATCHED = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"})


class NetworkRefused(Exception):
    """A test reached for the network; no test may."""


class Guard:
    """Refuses while `closed`."""

    def __init__(self) -> None:
        self.closed = False
        self._installed = False

    def close(self) -> None:
        """Refuse everything but the loopback from now on."""
        if not self._installed:
            sys.addaudithook(self._watch)
            self._installed = True
        self.closed = True

    def open(self) -> None:
        """Let everything through again."""
        self.closed = False

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.closed or event not in WATCHED:
            return
        address = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
        host = address[0] if isinstance(address, tuple) else address
        if event != "socket.getaddrinfo" and not isinstance(address, tuple):
            return  # a Unix socket, or a datagram to where the socket is connected already
        if not is_loopback(host):
            raise NetworkRefused(f"a test reached for {host!r}; tests stay on the loopback")


def is_loopback(host: object) -> bool:
    """Whether a host is this very machine; no name but `localhost` is looked up."""
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name == "" or name == "localhost":
        return True
    try:
        address = ip_address(str(name))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


guard = Guard()
