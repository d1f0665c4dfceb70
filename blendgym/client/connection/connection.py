"""One client's end of the wire: requests with deadlines, and replies that are surely theirs."""

from __future__ import annotations

import time
from typing import TypeVar

import msgspec

from blendgym.client.connection.servers import Server
from blendgym.client.connection.session import Session
from blendgym.client.process.deadlines import KERNEL_SECONDS, Deadlines
from blendgym.errors import (
    BlendgymError,
    ConnectionPoisoned,
    InvalidOption,
    ServerError,
    ServerTimeout,
    SessionEnded,
)
from blendgym.images.views import View
from blendgym.processes import Owner
from blendgym.version import __version__
from blendgym.wire import messages
from blendgym.wire.codec import Codec
from blendgym.wire.messages import MAX_REPLY_BYTES, MAX_REQUEST_BYTES, PROTOCOL_VERSION
from blendgym.wire.transport.sockets import connect
from blendgym.wire.transport.waiting import SpinWait

AWAKE_SECONDS = 0.0005  # A step without images takes less; with images, the server needs all processors.
LIVENESS_SECONDS = 0.02
STANDSTILL_SECONDS = 1.0
"""Who looks for a reply less often than that was stopped itself, as by Ctrl-Z; deadlines do not count that time."""
SECONDS_PER_STEP = 0.05
"""By which the deadline of a reset is longer for each step that its episode begins with; most take a thousandth."""

DEADLINES = {
    messages.Hello: "start",
    messages.Reset: "reset",
    messages.Step: "step",
    messages.Render: "render",
    messages.Ping: "step",
    messages.Close: "close",
}
"""Which of the ``Deadlines`` holds for which request."""

Reply = TypeVar("Reply", bound=messages.Reply)


class Connection:
    """A session with a server.

    Args:
        server: The server, already listening.
        deadlines: For every kind of request; ``start`` is for saying hello.
        observe: The views that every observation shows beside the state.
        warm_up: Further views that will be asked for.
        session: The client's place on the server, if it had a connection before.
        awake: Whether there is a processor to spare for waiting, which saves the time to wake up.

    Attributes:
        welcome: What the server said about itself and its task.

    Raises:
        BlendgymError: Whatever the server answers.
    """

    def __init__(
        self, server: Server, deadlines: Deadlines, observe: tuple[View, ...] = (), warm_up: tuple[View, ...] = (),
        session: Session | None = None, awake: bool = True,
    ) -> None:  # fmt: skip
        self._server = server
        self._deadlines = deadlines
        self._session = session or Session()
        self._session.part_from_parent()
        self._session_ended = self._is_given_up = self._has_kernels = False
        self._owner = Owner()
        self._unanswered: messages.Request | None = None
        self._sent, self._number = 0.0, 0
        self._codec: Codec[messages.AnyReply] = Codec(messages.AnyReply)
        self._socket = connect(server.endpoint, MAX_REPLY_BYTES, server.client_keys)
        self._spin_wait = SpinWait(self._socket, 0.0 if observe or not awake else AWAKE_SECONDS)
        self._finalizer = self._owner.finalize(self, self._socket.close)
        hello = messages.Hello(
            protocol=PROTOCOL_VERSION, package=__version__, token=server.token, observe=observe, warm_up=warm_up
        )
        try:
            self.welcome = self.request(hello, messages.Welcome)
        except BaseException:
            self.close()
            raise

    @property
    def is_poisoned(self) -> bool:
        """Whether a reply is outstanding that could be taken for the answer to a later request, or all is over."""
        return self._unanswered is not None or self._session_ended

    def request(self, request: messages.Request, expected: type[Reply]) -> Reply:
        """Sends a request and waits for its reply; see ``send`` and ``receive``."""
        self.send(request)
        return self.receive(expected)

    def send(self, request: messages.Request) -> None:
        """Sends a request.

        Args:
            request: Its sequence number and session are filled in here.

        Raises:
            ConnectionPoisoned: If an earlier request is without its reply.
            InvalidOption: If it is longer than a server takes.
        """
        if self._unanswered is not None:
            earlier = type(self._unanswered).__name__
            raise ConnectionPoisoned(f"An earlier {earlier} is still without its reply; reset() begins anew.")
        if not self._owner.is_here():
            raise ServerError("A connection cannot be used after a fork; make the environment in the child process.")
        self._number = self._session.next_number()
        stamped = msgspec.structs.replace(request, sequence=self._number, session=self._session.secret)
        frames = self._codec.encode(stamped)
        if (size := sum(map(len, frames))) > MAX_REQUEST_BYTES:
            raise InvalidOption(
                f"A {type(request).__name__} of {size >> 20} MiB is too long: a server takes {MAX_REQUEST_BYTES >> 20} "
                "MiB. Spread the environments over more servers (num_servers=)."
            )
        self._unanswered = request
        self._sent = time.monotonic()
        self._socket.send(frames)

    def receive(self, expected: type[Reply]) -> Reply:
        """Waits for the reply to the request that was sent last.

        Args:
            expected: The kind of reply that answers it.

        Raises:
            ServerDied: As soon as the server process has ended.
            ServerTimeout: After the deadline of such a request; the connection is poisoned then.
            ConnectionPoisoned: If another thread gives it up.
            SessionEnded: If the server no longer knows this client.
            BlendgymError: Whatever the server answers.
        """
        request = self._unanswered
        if request is None:
            raise ServerError("A reply is waited for, but nothing was asked.")
        reply = self._reply_to(request)
        self._unanswered = None
        self._has_kernels |= needs_gpu(request) and not isinstance(reply, messages.Failure)
        if isinstance(reply, messages.Failure):
            self._session_ended = reply.fault.code == SessionEnded.code
            raise reply.fault.error()
        if not isinstance(reply, expected):
            raise ServerError(f"The server answered {type(request).__name__} with {type(reply).__name__}.")
        return reply

    def leave(self) -> bool:
        """Ends the session; a server of one's own that owes a reply, and will be killed, is not asked.

        Returns:
            Whether the server has heard it.
        """
        is_hopeless = self.is_poisoned and (self._session_ended or self._server.pid)
        if is_hopeless or not self._server.is_running():
            return False
        self._unanswered = None
        try:
            self.request(messages.Close(), messages.Closed)
        except BlendgymError:
            return False
        return True

    def give_up(self) -> None:
        """Lets whoever waits for a reply wait no longer; any thread may call."""
        self._is_given_up = True

    def close(self) -> None:
        """Closes the socket; nothing that is still to be sent is waited for."""
        self._finalizer()

    def _reply_to(self, request: messages.Request) -> messages.AnyReply:
        while True:
            if not self._spin_wait.wait():
                self._wait_asleep(request)
            reply = self._codec.decode(self._socket.receive())
            # A request that the server could not read is answered without its number.
            if reply.sequence == self._number or reply.sequence < 0:
                return reply

    def _wait_asleep(self, request: messages.Request) -> None:
        """Returns when there is something to receive."""
        name = DEADLINES[type(request)]
        deadline = seconds_for(request, getattr(self._deadlines, name), self._has_kernels)
        looked, until = time.monotonic(), self._sent + deadline
        while not self._socket.poll(LIVENESS_SECONDS):
            if not self._server.is_running():
                raise self._server.death()
            if self._is_given_up and not isinstance(request, messages.Close):
                raise ConnectionPoisoned("A request was given up before its reply came.")
            now = time.monotonic()
            until += max(0.0, now - looked - STANDSTILL_SECONDS)
            looked = now
            if now > until:
                raise self._timeout(type(request).__name__, name, deadline)

    def _timeout(self, asked: str, name: str, deadline: float) -> ServerTimeout:
        who, next_time = f"at {self._server.endpoint}", "connects anew"
        if self._server.pid:
            who, next_time = f"(pid {self._server.pid}) is alive but", "replaces it"
        return ServerTimeout(
            f"The Blender server {who} did not answer {asked} within {deadline:g} s. reset() {next_time}; a longer "
            f"deadline is set with deadlines={{{name!r}: seconds}}.{self._server.diagnose()}",
            operation=asked,
            seconds=deadline,
        )


def seconds_for(request: messages.Request, deadline: float, has_kernels: bool) -> float:
    """How long a reply may take.

    Args:
        request: That it answers.
        deadline: For such a request, in s.
        has_kernels: Whether the server has rendered on a GPU before, whose driver has compiled what it needs by then.
    """
    if isinstance(request, messages.Reset):
        return deadline + request.steps * SECONDS_PER_STEP
    return deadline + KERNEL_SECONDS if needs_gpu(request) and not has_kernels else deadline


def needs_gpu(request: messages.Request) -> bool:
    """Whether pictures are asked for that a GPU renders."""
    if isinstance(request, messages.Hello):
        return any(view.needs_gpu for view in (*request.observe, *request.warm_up))
    return isinstance(request, messages.Render) and any(view.needs_gpu for view in request.views)
