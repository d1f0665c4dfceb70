"""What a ZeroMQ address says about who can reach it."""

from __future__ import annotations

import ipaddress
import socket

TCP = "tcp://"


def split_tcp(endpoint: str) -> tuple[str, str]:
    """Host, without brackets, and port of ``tcp://HOST:PORT``.

    Raises:
        ValueError: If it is no such address.
    """
    host, colon, port = endpoint.removeprefix(TCP).rpartition(":")
    is_port = port == "*" or (port.isdecimal() and int(port) < 1 << 16)
    if not (endpoint.startswith(TCP) and colon and host and is_port):
        raise ValueError(f"{endpoint!r} is no address; expected tcp://HOST:PORT, with an IPv6 HOST in brackets.")
    return host.removeprefix("[").removesuffix("]"), port


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host. Names, wildcards and interfaces count as reachable by others."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def needs_ipv6(host: str) -> bool:
    """Whether a host has an IPv6 address and no IPv4 address.

    libzmq takes one address of a name, and with IPv6 switched on it would miss a server that listens to IPv4 alone.
    """
    if ":" in host:
        return True
    try:
        families = {family for family, *_ in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError:  # A wildcard or an interface.
        return False
    return families == {socket.AF_INET6}
