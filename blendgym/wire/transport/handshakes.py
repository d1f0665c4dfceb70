"""Why a connection to a server does not come about, as libzmq reports it while it goes on trying."""

from __future__ import annotations

import time

import zmq

from blendgym.errors import AccessDenied, ServerUnreachable

FAILING_SECONDS = 3.0  # Longer than a server takes to end and another one to listen in its place, behind a tunnel.
SILENT_SECONDS = 20.0

MECHANISM_MISMATCH = int(zmq.PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH)
EVENTS = (
    zmq.Event.CONNECTED
    | zmq.Event.DISCONNECTED
    | zmq.Event.HANDSHAKE_SUCCEEDED
    | zmq.Event.HANDSHAKE_FAILED_AUTH
    | zmq.Event.HANDSHAKE_FAILED_NO_DETAIL
    | zmq.Event.HANDSHAKE_FAILED_PROTOCOL
)


class Handshakes:
    """Follows the handshakes of a client's sockets, one after the other, with one server.

    Args:
        endpoint: ZeroMQ address of the server.
        has_keys: Whether the client has keys.
    """

    def __init__(self, endpoint: str, has_keys: bool) -> None:
        self._endpoint = endpoint
        self._has_keys = has_keys
        self._ever_succeeded = False
        self._failing_since: float | None = None
        self._silent_since: float | None = None
        self.succeeded = False

    def follow(self, socket: zmq.Socket[bytes]) -> None:
        """Turns to another socket, which is not connected yet."""
        self._monitor = socket.get_monitor_socket(EVENTS)
        self.succeeded = False
        self._silent_since = None

    def leave(self, socket: zmq.Socket[bytes]) -> None:
        """Turns away from a socket that is to be closed."""
        socket.disable_monitor()
        self._monitor.close(linger=0)

    def check(self) -> None:
        """Takes notice of what has happened.

        Raises:
            AccessDenied: If the server refuses the client's keys, or one side has keys and the other has none.
            ServerUnreachable: If what listens there does not behave like a server.
        """
        while self._monitor.poll(0):
            from zmq.utils.monitor import recv_monitor_message  # With asyncio, which servers start faster without.

            message = recv_monitor_message(self._monitor)
            self._note(zmq.Event(message["event"]), message["value"])
        if self._ever_succeeded:  # Then the address is right, and a server that is busy or begins anew is waited for.
            return
        now = time.monotonic()
        if self._failing_since and now - self._failing_since > FAILING_SECONDS:
            raise self._unreachable("hangs up on us")
        if self._silent_since and now - self._silent_since > SILENT_SECONDS:
            raise self._unreachable(f"takes the connection but has not greeted within {SILENT_SECONDS:g} s")

    def _note(self, event: zmq.Event, value: int) -> None:
        match event:
            case zmq.Event.CONNECTED:
                self._silent_since = time.monotonic()
            case zmq.Event.HANDSHAKE_SUCCEEDED:
                self.succeeded = self._ever_succeeded = True
                self._silent_since = self._failing_since = None
            case zmq.Event.HANDSHAKE_FAILED_NO_DETAIL:
                self._silent_since, self._failing_since = None, self._failing_since or time.monotonic()
            case zmq.Event.HANDSHAKE_FAILED_AUTH:
                raise AccessDenied(
                    f"The server at {self._endpoint} does not let in the key of this client. The client's public key "
                    "has to be in the folder clients/ of the server's keys when the server starts."
                )
            case zmq.Event.HANDSHAKE_FAILED_PROTOCOL if value == MECHANISM_MISMATCH:
                raise self._mismatch()
            case zmq.Event.HANDSHAKE_FAILED_PROTOCOL:
                raise self._unreachable("does not speak ZeroMQ's protocol")
            case zmq.Event.DISCONNECTED if self._silent_since and not self._ever_succeeded:
                raise self._unreachable("does not speak ZeroMQ's protocol")  # libzmq does not try again then.

    def _mismatch(self) -> AccessDenied:
        if self._has_keys:
            return AccessDenied(f"The server at {self._endpoint} has no keys; leave keys= away, or give it --keys.")
        return AccessDenied(
            f"The server at {self._endpoint} asks for keys; name the folder that `blendgym keys` made for it: keys=DIR."
        )

    def _unreachable(self, what: str) -> ServerUnreachable:
        cause = ", or its public key is not the one in server.key" if self._has_keys else ", or it asks for keys"
        return ServerUnreachable(
            f"What listens at {self._endpoint} {what}. Perhaps it is no blendgym server{cause}.",
        )
