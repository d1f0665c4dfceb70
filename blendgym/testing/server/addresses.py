"""Connections to a server below ZeroMQ's protocol."""

from __future__ import annotations

import socket
from pathlib import Path

from blendgym.errors import InvalidOption, ServerUnreachable
from blendgym.wire.transport.addresses import split_tcp
from blendgym.wire.transport.unix_sockets import SCHEME


def plain_connection(address: str) -> socket.socket:
    """A connection on which nothing has been said.

    Args:
        address: ``ipc://PATH`` or ``tcp://HOST:PORT``.
    """
    if address.startswith(SCHEME):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(address.removeprefix(SCHEME))
        return connection
    host, port = split_tcp(address)
    return socket.create_connection((host, int(port)))


def require_listening(address: str) -> None:
    """Looks whether there is a server, for no check would get an answer otherwise.

    Raises:
        InvalidOption: If the address is none.
        ServerUnreachable: If nothing listens there.
    """
    what_next = "Start a server there (`blendgym serve --help`), or correct the address."
    if address.startswith(SCHEME):
        if not Path(address.removeprefix(SCHEME)).is_socket():
            raise ServerUnreachable(f"There is no socket at {address}. {what_next}")
        return
    try:
        plain_connection(address).close()
    except ValueError as error:
        raise InvalidOption(f"The address of a server is wrong: {error}") from None
    except OSError as error:
        raise ServerUnreachable(f"Nothing listens at {address}: {error.strerror or error}. {what_next}") from None
