"""A server that somebody else has launched, reached over a network."""

from __future__ import annotations

import socket
import time

from blendgym.client.deadlines import Deadlines
from blendgym.errors import ServerDied, ServerUnreachable
from blendgym.transport.addresses import split_tcp
from blendgym.transport.keys import ClientKeys

POLL_SECONDS = 0.1


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

    def death(self) -> ServerDied:
        """The error that says that the server is gone."""
        return ServerDied(f"The Blender server at {self.endpoint} is gone; reset() looks for it again.")

    def stop(self, grace: float = 0.0) -> None:
        """Does nothing: the server goes on, for the next client."""

    def _wait_until_listening(self, seconds: float) -> None:
        host, port = split_tcp(self.endpoint)
        limit = time.monotonic() + seconds
        while True:
            left = limit - time.monotonic()
            try:
                socket.create_connection((host, int(port)), max(left, POLL_SECONDS)).close()
                return
            except socket.gaierror as error:
                raise ServerUnreachable(f"The host of {self.endpoint} is unknown: {error.strerror}.") from None
            except OSError as error:
                if left < POLL_SECONDS:
                    raise ServerUnreachable(
                        f"Nothing listens at {self.endpoint}: {error.strerror or error}. Start it there with "
                        f"`blendgym serve ID --bind tcp://…:{port}`, or correct address=. Waited for {seconds:g} s "
                        "(deadline 'start').",
                    ) from None
            time.sleep(POLL_SECONDS)
