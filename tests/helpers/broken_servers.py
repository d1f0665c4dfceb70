"""Servers that each break one rule, for the compliance kit to find: a real one, and somebody before it."""

from __future__ import annotations

import contextlib
import secrets
import threading

import msgspec
import numpy as np

from blendgym.errors import MalformedMessage
from blendgym.wire import messages
from blendgym.wire.codec import Codec
from blendgym.wire.transport.sockets import connect
from blendgym.wire.transport.unix_sockets import UnixReplier

MAX_BYTES = 1 << 26
SPACING = 1000
REPLACE = msgspec.structs.replace


class Honest:
    """Passes requests on to a real server, and its replies back. Those who break a rule are derived from it.

    Args:
        real: Address of the real server.
        endpoint: Its own.
    """

    replier = UnixReplier

    def __init__(self, real: str, endpoint: str) -> None:
        self._requests: Codec = Codec(messages.AnyRequest)
        self._replies: Codec = Codec(messages.AnyReply)
        self._real = connect(real, MAX_BYTES)
        self._socket = self.replier(endpoint, MAX_BYTES)
        self.owner, self.number = b"", 0
        self.is_running = True
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """Ends the session with the real server as well, if it has not been ended."""
        self.is_running = False
        self._thread.join()
        if self.owner:
            self.forward(messages.Close(session=self.owner, sequence=self.number + SPACING))
        self._socket.close()
        self._real.close()

    def forward(self, request):
        """The real server's reply to a request."""
        reply = self._replies.decode(self._exchange(self._requests.encode(request)))
        if isinstance(reply, messages.Welcome):
            self.owner = request.session
        if request.session == self.owner:
            self.number = max(self.number, request.sequence)
        if isinstance(reply, messages.Closed):
            self.owner, self.number = b"", 0
        return reply

    def answer(self, request):
        """The reply to a request; for those who break a rule to change."""
        return self.forward(request)

    def answer_garbage(self, frames):
        """The reply to what is no request, or ``None`` for silence; likewise."""
        return self._replies.decode(self._exchange(frames))

    def send(self, reply):
        """Sends a reply; likewise."""
        self._socket.send(self._replies.encode(reply))

    def _serve(self) -> None:
        while self.is_running:
            if not self._socket.poll(0.02):
                continue
            frames = self._socket.receive()
            try:
                request = self._requests.decode(frames)
            except MalformedMessage:
                reply = self.answer_garbage(frames)
            else:
                reply = self.answer(request)
            if reply is not None:
                self.send(reply)

    def _exchange(self, frames):
        self._real.send(frames)
        return self._real.receive()


class WrongNumbers(Honest):
    """Miscounts."""

    def answer(self, request):
        reply = self.forward(request)
        return REPLACE(reply, sequence=reply.sequence + 1)


class Stammering(Honest):
    """Replies twice."""

    def send(self, reply):
        super().send(reply)
        with contextlib.suppress(KeyError):  # The client has gone.
            super().send(reply)


class Boasting(Honest):
    """Promises a slot too many."""

    def answer(self, request):
        reply = self.forward(request)
        return REPLACE(reply, slots=reply.slots + 1) if isinstance(reply, messages.Welcome) else reply


class Oblivious(Honest):
    """Carries everything out, however often it comes."""

    def answer(self, request):
        reply = self.forward(REPLACE(request, sequence=self.number + 1))
        return REPLACE(reply, sequence=request.sequence)


class Trusting(Oblivious):
    """Takes everybody for its client, and never ends a session."""

    def __init__(self, *addresses: str) -> None:
        self._secret = secrets.token_bytes(16)
        super().__init__(*addresses)

    def answer(self, request):
        if isinstance(request, messages.Close):
            return messages.Closed(sequence=request.sequence)
        return super().answer(REPLACE(request, session=self._secret))


class Credulous(Honest):
    """Lets everybody in."""

    def answer(self, request):
        request = REPLACE(request, session=request.session.ljust(16, b"\0"))
        if isinstance(request, messages.Hello):
            request = REPLACE(request, token="", protocol=messages.PROTOCOL_VERSION)
        return self.forward(request)


class Meddling(Honest):
    """Steps by itself after some of its replies, once before the next step of its client."""

    occasion: type[messages.Reply]
    has_meddled = False

    def answer(self, request):
        # Between the numbers of the client there is room for one's own.
        reply = self.forward(REPLACE(request, sequence=request.sequence * SPACING))
        self.meddle_after(reply)
        return REPLACE(reply, sequence=reply.sequence // SPACING)

    def answer_garbage(self, frames):
        reply = super().answer_garbage(frames)
        self.meddle_after(reply)
        return reply

    def meddle_after(self, reply):
        if isinstance(reply, messages.Stepped):
            self.has_meddled = False
        if isinstance(reply, self.occasion) and self.owner and not self.has_meddled:
            actions = np.zeros((2, 1), np.float32)
            self.forward(messages.Step(actions=actions, session=self.owner, sequence=self.number + 1))
            self.has_meddled = True


class StepsWhenItRefuses(Meddling):
    """Moves although it says that it has not."""

    occasion = messages.Failure


class StepsWhenGreeted(Meddling):
    """Moves when its client comes back."""

    occasion = messages.Welcome


class Vague(Honest):
    """Has one code for everything."""

    def answer(self, request):
        reply = self.forward(request)
        return _vague(reply) if isinstance(reply, messages.Failure) else reply

    def answer_garbage(self, frames):
        return _vague(super().answer_garbage(frames))


def _vague(failure):
    return REPLACE(failure, fault=REPLACE(failure.fault, code="error"))


class Speechless(Honest):
    """Does not answer what it cannot read."""

    def answer_garbage(self, frames):
        return None


class Hasty(UnixReplier):
    """Falls over when somebody hangs up."""

    has_fallen = False

    def poll(self, seconds):
        return not self.has_fallen and super().poll(seconds)

    def _drop(self, descriptor):
        self.has_fallen = True
        super()._drop(descriptor)


class Clumsy(Honest):
    """Falls over when somebody hangs up."""

    replier = Hasty
