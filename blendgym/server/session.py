"""Whose turn it is on a server: one client at a time, and each of its requests once."""

from __future__ import annotations

import logging
import secrets
import time

from blendgym.errors import AccessDenied, MalformedMessage, ServerBusy, SessionEnded
from blendgym.wire.messages import Close, Hello, Request
from blendgym.wire.transport.buffers import Buffer

SECRET_BYTES = 16
LOG = logging.getLogger(__name__)


class Session:
    """The session of a server's one client, and what was answered last.

    A client chooses the secret of its session and keeps it when it says hello again. So a client that has lost its
    connection, or the welcome itself, finds its place still its own.

    Args:
        idle_timeout: Seconds of silence after which another client may take the place; ``None`` for never.
    """

    def __init__(self, idle_timeout: float | None) -> None:
        self._idle_timeout = idle_timeout
        self._secret = b""
        self._is_open = False
        self._last_sequence = -1
        self._last_reply: list[Buffer] = []
        self._last_heard = 0.0

    def admit(self, request: Request) -> list[Buffer] | None:
        """Lets a request in.

        Returns:
            ``None`` if it is to be carried out; its reply if that was done already, and a client that has lost the
            reply repeats it.

        Raises:
            AccessDenied: If it belongs to no session.
            SessionEnded: If it belongs to one that has ended.
            MalformedMessage: If a later one was carried out already: it was on its way twice, or for too long.
        """
        is_ours = self._owns(request)
        if is_ours and request.sequence <= self._last_sequence:
            if request.sequence == self._last_sequence:
                return self._last_reply
            raise MalformedMessage(
                f"Request {request.sequence} came after request {self._last_sequence} of its session was answered; it "
                "is not carried out."
            )
        if (is_ours and self._is_open) or isinstance(request, Hello):
            return None
        if not request.session:
            raise AccessDenied("The request belongs to no session of this server; say hello first.")
        raise SessionEnded(
            "The session has ended on the server: it was closed, another client came after a long silence, or the "
            "server was launched again. reset() says hello again."
        )

    def require_free(self, hello: Hello) -> None:
        """Checks that the client that says hello can have the session.

        Raises:
            ServerBusy: If another client has it.
            AccessDenied: If the client has not chosen a secret.
        """
        if len(hello.session) < SECRET_BYTES:
            raise AccessDenied(f"A hello has to bring a secret of {SECRET_BYTES} random bytes for its session.")
        if not self._is_open or self._owns(hello):
            return
        silence = time.monotonic() - self._last_heard
        if self._idle_timeout is None:
            raise ServerBusy("The server has a session with another client; launch a server for each.")
        if silence < self._idle_timeout:
            LOG.info("A client was told that the server is busy.")
            raise ServerBusy(
                f"The server has a session with another client, last heard {silence:.0f} s ago; its place is free "
                f"when it closes its environment, or after {self._idle_timeout:g} s of silence. Serve another one on "
                "another port."
            )
        self._is_open = False
        LOG.info("The client was silent for %.0f s; another one takes its place.", silence)

    def begin(self, hello: Hello) -> bool:
        """Gives the session to the client that says hello.

        Returns:
            Whether it is another client than the last one.
        """
        is_another = not self._owns(hello)
        LOG.info("A client has come." if is_another else "The client is back.")
        if is_another:
            self._secret, self._last_sequence = hello.session, -1
        self._is_open = True
        return is_another

    def remember(self, request: Request, reply: list[Buffer]) -> None:
        """Keeps the reply to a request of the session, in case that it gets lost."""
        if not self._owns(request) or request.sequence < self._last_sequence:
            return
        self._last_sequence, self._last_reply, self._last_heard = request.sequence, reply, time.monotonic()
        if isinstance(request, Close) and self._is_open:
            self._is_open = False
            LOG.info("The client has gone.")

    def _owns(self, request: Request) -> bool:
        return bool(self._secret) and secrets.compare_digest(request.session, self._secret)
