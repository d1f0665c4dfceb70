"""REQ and REP by libzmq, which goes over networks."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import zmq

from blendgym.errors import ServerStartError, UnsafeAddress
from blendgym.wire.transport.addresses import TCP, is_loopback, needs_ipv6, split_tcp
from blendgym.wire.transport.buffers import Buffer
from blendgym.wire.transport.handshakes import Handshakes
from blendgym.wire.transport.keys import ClientKeys, ServerKeys

if TYPE_CHECKING:
    from zmq.auth.thread import ThreadAuthenticator

LINGER_MILLISECONDS = 1000
READABLE = int(zmq.POLLIN)  # Comparing with the enum itself costs more than asking the socket.
RESEND_SECONDS = 2.0

NOTICE_A_VANISHED_PEER = {
    zmq.HEARTBEAT_IVL: 5_000,  # ms
    zmq.HEARTBEAT_TIMEOUT: 15_000,  # ms
    zmq.HEARTBEAT_TTL: 15_000,  # ms
    zmq.TCP_KEEPALIVE: 1,
    zmq.TCP_KEEPALIVE_IDLE: 30,  # s
    zmq.TCP_KEEPALIVE_INTVL: 10,  # s
    zmq.TCP_KEEPALIVE_CNT: 3,
}


class LibzmqReplier:
    """The REP side.

    Args:
        endpoint: ZeroMQ address.
        max_bytes: The longest frame that may arrive.
        keys: The server's; only clients whose public keys are among them get in.

    Raises:
        UnsafeAddress: If others than this machine could reach it and there are no keys.
        ServerStartError: If the address cannot be bound.
    """

    def __init__(self, endpoint: str, max_bytes: int, keys: ServerKeys | None = None) -> None:
        if keys is None:
            _refuse_strangers(endpoint)
        self._context = zmq.Context()
        self._authenticator = _start_authenticator(self._context, keys) if keys else None
        self._socket = _make_socket(self._context, zmq.REP, endpoint, max_bytes)
        if keys:
            self._socket.curve_server = True
            self._socket.curve_publickey, self._socket.curve_secretkey = keys.public, keys.secret
        try:
            self._socket.bind(endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise ServerStartError(f"The address {endpoint} cannot be bound: {error}.") from None

    @property
    def endpoint(self) -> str:
        """Its address, with the port that was chosen."""
        return str(self._socket.getsockopt_string(zmq.LAST_ENDPOINT))

    def send(self, frames: Sequence[Buffer]) -> None:
        """Answers the request that was received last."""
        self._socket.send_multipart(frames)

    def poll(self, seconds: float | None) -> bool:
        """Waits for a request."""
        return _poll(self._socket, seconds)

    def receive(self) -> list[Buffer]:
        """All frames of the next request."""
        return _receive(self._socket)

    def close(self) -> None:
        """Closes it; the last reply is waited for."""
        if self._authenticator:
            self._authenticator.stop()
        self._context.destroy(linger=LINGER_MILLISECONDS)


class LibzmqRequester:
    """The REQ side. A request that gets no reply is sent again, as it is, over a new connection.

    So a reply that a network has lost is replaced, if the server knows a repeated request when it sees one.

    Args:
        endpoint: ZeroMQ address.
        max_bytes: The longest frame that may arrive.
        keys: The client's, if the server has some.
    """

    def __init__(self, endpoint: str, max_bytes: int, keys: ClientKeys | None = None) -> None:
        self.endpoint = endpoint
        self._max_bytes = max_bytes
        self._keys = keys
        self._context = zmq.Context()
        self._handshakes = Handshakes(endpoint, has_keys=keys is not None)
        self._request: list[Buffer] | None = None
        self._connect()

    def send(self, frames: Sequence[Buffer]) -> None:
        """Sends a request. One that is still without its reply is given up."""
        if self._request is not None:
            self._reconnect()
        self._patience = RESEND_SECONDS
        # It may be sent again when its arrays have changed.
        self._transmit([bytes(frame) for frame in frames])

    def poll(self, seconds: float | None) -> bool:
        """Waits for a reply; returns early to send a request again.

        Returns:
            Whether there is a reply.

        Raises:
            AccessDenied: If server and client do not accept each other's keys.
            ServerUnreachable: If what listens there does not behave like a server.
        """
        if _poll(self._socket, RESEND_SECONDS if seconds is None else seconds):
            return True
        if seconds != 0:
            self._handshakes.check()
            self._resend_if_lost()
        return False

    def receive(self) -> list[Buffer]:
        """All frames of the next reply."""
        while not self.poll(None):
            pass
        self._request = None
        return _receive(self._socket)

    def close(self) -> None:
        """Closes it; what is still to be sent is not waited for."""
        self._context.destroy(linger=0)

    def _transmit(self, request: list[Buffer]) -> None:
        self._request, self._sent = request, time.monotonic()
        with contextlib.suppress(zmq.Again):  # libzmq has given the peer up already; the handshakes say why.
            self._socket.send_multipart(request, zmq.DONTWAIT)

    def _resend_if_lost(self) -> None:
        """Without a handshake nothing has left yet, and libzmq goes on trying by itself."""
        if self._request is None or not self._handshakes.succeeded or time.monotonic() - self._sent < self._patience:
            return
        self._patience *= 2  # A reply that takes long to cross must not be begun again and again.
        self._reconnect()
        self._transmit(self._request)

    def _connect(self) -> None:
        self._socket = _make_socket(self._context, zmq.REQ, self.endpoint, self._max_bytes)
        if self._keys:
            self._socket.curve_serverkey = self._keys.server
            self._socket.curve_publickey, self._socket.curve_secretkey = self._keys.public, self._keys.secret
        self._handshakes.follow(self._socket)
        self._socket.connect(self.endpoint)

    def _reconnect(self) -> None:
        self._handshakes.leave(self._socket)
        self._socket.close(linger=0)
        self._connect()


def _refuse_strangers(endpoint: str) -> None:
    scheme = endpoint.partition("://")[0]
    if scheme in ("ipc", "inproc") or (endpoint.startswith(TCP) and is_loopback(split_tcp(endpoint)[0])):
        return
    raise UnsafeAddress(
        f"At {endpoint} everyone in the network could command this Blender. Make keys with `blendgym keys DIR` and "
        "name them (--keys DIR), or bind a loopback address such as tcp://127.0.0.1:5555."
    )


def _start_authenticator(context: zmq.Context[zmq.Socket[bytes]], keys: ServerKeys) -> ThreadAuthenticator:
    """Its thread answers nothing but whether a key may come in."""
    from zmq.auth.thread import ThreadAuthenticator  # It brings asyncio along, which takes longer than all the rest.

    authenticator = ThreadAuthenticator(context)
    authenticator.start()
    authenticator.configure_curve(domain="*", location=str(keys.clients))
    return authenticator


def _make_socket(context: zmq.Context[zmq.Socket[bytes]], kind: int, endpoint: str, limit: int) -> zmq.Socket[bytes]:
    made = context.socket(kind)
    made.setsockopt(zmq.LINGER, 0)
    made.setsockopt(zmq.MAXMSGSIZE, limit)
    if kind == zmq.REQ:
        made.setsockopt(zmq.REQ_CORRELATE, 1)  # The second reply to a request that a network has doubled is dropped.
    if endpoint.startswith(TCP):
        made.setsockopt(zmq.IPV6, needs_ipv6(split_tcp(endpoint)[0]))
        for option, value in NOTICE_A_VANISHED_PEER.items():
            made.setsockopt(option, value)
    return made


def _poll(socket: zmq.Socket[bytes], seconds: float | None) -> bool:
    if seconds == 0:
        return bool(int(socket.getsockopt(zmq.EVENTS)) & READABLE)
    return bool(socket.poll(None if seconds is None else int(seconds * 1000)))


def _receive(socket: zmq.Socket[bytes]) -> list[Buffer]:
    """Most messages have one frame, and asking for more costs more than receiving it."""
    first = socket.recv(copy=False)
    if not first.more:
        return [first.bytes]
    return [first.bytes, *socket.recv_multipart()]
