"""A client that sends whatever it is told to, by the rules of the protocol or against them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import Any

from blendgym.client.connection.session import SECRET_BYTES
from blendgym.errors import CheckFailed, MalformedMessage
from blendgym.version import __version__
from blendgym.wire import messages
from blendgym.wire.codec import Codec
from blendgym.wire.messages import MAX_REPLY_BYTES, PROTOCOL_VERSION
from blendgym.wire.transport.buffers import Buffer
from blendgym.wire.transport.keys import ClientKeys
from blendgym.wire.transport.sockets import connect


class RawClient:
    """One connection to a server, and a session of its own there once ``hello`` has been said.

    Args:
        endpoint: ZeroMQ address of the server.
        keys: The client's, if the server has keys.
        token: Of the launch, if the server has one.
        secret: Of a session that it had over an earlier connection.
        seconds: How long a reply may take.

    Attributes:
        secret: Of its session.
        number: Of its last request.
    """

    def __init__(
        self, endpoint: str, keys: ClientKeys | None = None, *, token: str = "", secret: bytes | None = None,
        seconds: float = 60.0,
    ) -> None:  # fmt: skip
        self.secret, self.number = secret or secrets.token_bytes(SECRET_BYTES), 0
        self._token, self._seconds = token, seconds
        self._codec: Codec[messages.AnyReply] = Codec(messages.AnyReply)
        self._socket = connect(endpoint, MAX_REPLY_BYTES, keys)

    def exchange(self, frames: Sequence[Buffer]) -> messages.AnyReply:
        """Sends any frames; the reply to them.

        Raises:
            CheckFailed: If there is none in time, or one that is no message.
        """
        self._socket.send(frames)
        until = time.monotonic() + self._seconds
        while not self._socket.poll(max(0.0, until - time.monotonic())):
            if time.monotonic() >= until:
                raise CheckFailed(
                    f"Every request should be answered, but within {self._seconds:g} s there is no reply to "
                    f"{len(frames)} frames that begin with {bytes(frames[0][:40])!r}."
                )
        try:
            return self._codec.decode(self._socket.receive())
        except MalformedMessage as error:
            raise CheckFailed(f"A reply should be a message of the protocol, but: {error}") from error

    def send(self, request: messages.Request) -> messages.AnyReply:
        """Sends a request as it is."""
        return self.exchange(self._codec.encode(request))

    def next_number(self) -> int:
        """The number of the next request."""
        self.number += 1
        return self.number

    def frames(self, kind: type[messages.Request], **fields: Any) -> list[Buffer]:
        """The frames of a request of the session, with its next number unless told otherwise."""
        if "sequence" not in fields:
            fields["sequence"] = self.next_number()
        return self._codec.encode(kind(**{"session": self.secret, **fields}))

    def ask(self, kind: type[messages.Request], **fields: Any) -> messages.AnyReply:
        """Sends a request of the session, with its next number unless told otherwise."""
        return self.exchange(self.frames(kind, **fields))

    def hello(self, **changes: Any) -> messages.AnyReply:
        """Says hello, with some fields changed."""
        fields = {"protocol": PROTOCOL_VERSION, "package": __version__, "token": self._token, **changes}
        return self.ask(messages.Hello, **fields)

    def close(self) -> None:
        """Hangs up. The session goes on."""
        self._socket.close()
