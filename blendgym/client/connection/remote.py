"""A server that somebody else has launched, reached over a network."""

from __future__ import annotations

import socket
import time

import gymnasium as gym

from blendgym.client.process.deadlines import Deadlines
from blendgym.errors import ServerDied, ServerUnreachable
from blendgym.wire.transport.addresses import split_tcp
from blendgym.wire.transport.keys import ClientKeys

POLL_SECONDS = 0.1
WARN_SECONDS = 3.0
CONNECT_SECONDS = 2.0


class RemoteServer:
    """A ``blendgym serve`` somewhere. To the environment it is what a ``ServerProcess`` is, but nothing ends it.

    Args:
        address: ``tcp://HOST:PORT``.
        client_keys: The client's, if the server has keys.
        deadlines: ``start`` matters here: until then the server may begin to listen.

    Raises:
        ServerUnreachable: If nothing listens there.
    """

    token = ""
    pid = None

    def __init__(self, address: str, client_keys: ClientKeys | None, deadlines: Deadlines) -> None:
        self.endpoint = address
        self.client_keys = client_keys
        self._wait_until_listening(deadlines.start)

    def is_running(self) -> bool:
        """Always, as far as one can know: a server that is gone may be launched again."""
        return True

    def resident_bytes(self) -> int:
        """0: its memory is its owner's business."""
        return 0

    def log(self) -> str:
        """Nothing: it is kept where the server is."""
        return ""

    def death(self) -> ServerDied:
        """The error that says that the server is gone."""
        return ServerDied(f"The Blender server at {self.endpoint} is gone; reset() looks for it again.")

    def diagnose(self) -> str:
        """Whether somebody still listens there, which is all that can be seen from here."""
        host, port = split_tcp(self.endpoint)
        try:
            reason = _why_not_listening(host, int(port))
        except ServerUnreachable as error:
            return f" {error}"
        if reason:
            return f" Nothing listens there any more: {reason}."
        return " Its machine takes connections: the server is there, but it is busy, stopped or hung."

    def stop(self, grace: float = 0.0) -> None:
        """Does nothing: the server goes on, for the next client."""

    def _wait_until_listening(self, seconds: float) -> None:
        host, port = split_tcp(self.endpoint)
        start = time.monotonic()
        has_warned = False
        while reason := _why_not_listening(host, int(port)):
            waited = time.monotonic() - start
            if waited >= seconds:
                raise ServerUnreachable(
                    f"Nothing listens at {self.endpoint}: {reason}. Start a server there (`blendgym serve --help`), or "
                    f"correct address=. Waited for {seconds:g} s (deadline 'start')."
                )
            if waited > WARN_SECONDS and not has_warned:
                gym.logger.warn(f"Nothing listens at {self.endpoint} yet ({reason}); waiting for {seconds:g} s.")
                has_warned = True
            time.sleep(min(POLL_SECONDS, seconds))


def _why_not_listening(host: str, port: int) -> str:
    """Why nobody takes a connection; empty if somebody does.

    Raises:
        ServerUnreachable: If there is no such host.
    """
    try:
        socket.create_connection((host, port), CONNECT_SECONDS).close()
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            return "the name server does not answer"
        raise ServerUnreachable(f"The host {host!r} of address= is unknown: {error.strerror}.") from None
    except OSError as error:
        return error.strerror or str(error)
    return ""
