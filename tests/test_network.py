"""The guard that keeps tests off the network can refuse, and lets the loopback through."""

import socket
from collections.abc import Callable

import pytest

from tests.network import NetworkRefused, is_loopback

OUTSIDE = "192.0.2.1"  # reserved for documentation: nothing is there, and nobody is asked


def _udp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"x", (OUTSIDE, 9))


def _tcp() -> None:
    with socket.socket() as out:
        out.connect((OUTSIDE, 9))


ATTEMPTS: dict[str, Callable[[], object]] = {
    "a connection": _tcp,
    "a connection by name": lambda: socket.create_connection(("pypi.org", 443), timeout=1),
    "a datagram": _udp,
    "a look-up": lambda: socket.getaddrinfo("pypi.org", 443),
}


@pytest.mark.parametrize("how", ATTEMPTS)
def test_nothing_leaves_this_machine(how: str) -> None:
    """Whichever way it is tried."""
    with pytest.raises(NetworkRefused):
        ATTEMPTS[how]()


def test_the_loopback_stays_open() -> None:
    """Simulated servers live there."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as out:
        assert out.getpeername() == server.getsockname()
    assert socket.getaddrinfo("localhost", 80)


@pytest.mark.parametrize(
    ("host", "inside"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), (b"localhost", True), ("", True),
     (None, True), ("10.0.0.1", False), ("localhost.example", False), ("::ffff:8.8.8.8", False)],
)  # fmt: skip
def test_what_counts_as_this_machine(host: object, inside: bool) -> None:
    """Private networks do not."""
    assert is_loopback(host) is inside
