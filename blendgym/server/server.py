"""The loop that owns Blender's main thread: one request, one reply."""

from __future__ import annotations

import gc
import platform
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy

from blendgym.errors import AccessDenied, MalformedMessage, ProtocolMismatch
from blendgym.server.failures import fault_of
from blendgym.server.log import ANSWERS_PER_LOOK, shorten_log
from blendgym.server.session import Session
from blendgym.server.slots import CATCHABLE, Slots
from blendgym.version import __version__
from blendgym.wire import messages
from blendgym.wire.codec import Codec
from blendgym.wire.launch import LaunchOrder
from blendgym.wire.messages import MAX_REQUEST_BYTES, PROTOCOL_VERSION
from blendgym.wire.pulse import Pulse
from blendgym.wire.transport.buffers import Buffer
from blendgym.wire.transport.keys import read_server_keys
from blendgym.wire.transport.sockets import bind
from blendgym.wire.transport.waiting import SpinWait

GARBAGE_THRESHOLD = 10_000  # objects
AWAKE_SECONDS = 0.0001  # The next request of a client that does nothing but step comes sooner.


class Server:
    """Serves simulations to one client, or to one after the other.

    Args:
        slots: What is served.
        order: Under which name, where, and to whom.
        pulse: Where the main loop leaves word of what it does.
    """

    def __init__(self, slots: Slots, order: LaunchOrder, pulse: Pulse) -> None:
        self._slots, self._pulse = slots, pulse
        self._task = order.task
        self._token = order.token
        self._session = Session(order.idle_timeout)
        self._ends_with_session = order.idle_timeout is None
        self._closed = False
        self._answers = 0
        self._codec: Codec[messages.AnyRequest] = Codec(messages.AnyRequest)
        self._handlers: dict[type, Callable[[Any], messages.Reply]] = {
            messages.Hello: self._hello,
            messages.Reset: self._reset,
            messages.Step: self._step,
            messages.Render: self._render,
            messages.Ping: self._ping,
            messages.Close: self._close,
        }
        keys = read_server_keys(Path(order.keys)) if order.keys else None
        self._socket = bind(order.endpoint, MAX_REQUEST_BYTES, keys)
        self._spin_wait = SpinWait(self._socket, AWAKE_SECONDS)

    @property
    def endpoint(self) -> str:
        """The address that is bound, with the port that was chosen for it."""
        return self._socket.endpoint

    @property
    def is_closed(self) -> bool:
        """Whether a request has closed the session."""
        return self._closed

    def serve(self) -> None:
        """Answers requests until one of them closes the session that the server ends with."""
        spare_the_garbage_collector()
        self._pulse.wait()
        while not self._closed:
            self._spin_wait.wait()
            self._serve_one()

    def serve_for(self, seconds: float) -> None:
        """Answers requests for a while, and longer only to finish an answer."""
        self._pulse.wait()
        until = time.monotonic() + seconds
        while not self._closed and (left := until - time.monotonic()) > 0:
            if self._spin_wait.wait() or self._socket.poll(left):
                self._serve_one()

    def close(self) -> None:
        """Gives the address up; a client that waits for an answer gets none."""
        if not self._closed:
            self._closed = True
            self._socket.close()

    def _serve_one(self) -> None:
        request, reply = self._answer(self._socket.receive())
        self._socket.send(reply)
        if request is not None:  # While the reply is on its way.
            self._session.remember(request, reply)
        self._pulse.answered()
        self._answers += 1
        if self._answers % ANSWERS_PER_LOOK == 0:
            shorten_log()
        if self._closed:
            self._socket.close()

    def _answer(self, frames: list[Buffer]) -> tuple[messages.Request | None, list[Buffer]]:
        """A request, if it can be read, and its reply. Whatever the request holds, there is one."""
        try:
            request = self._codec.decode(frames)
        except MalformedMessage as error:
            return None, self._codec.encode(_failure(-1, error))
        self._pulse.begin(request)
        try:
            # A client that lost a reply asks again; executing a step twice would corrupt its trajectory.
            reply = self._session.admit(request)
            if reply is None:
                reply = self._codec.encode(self._handlers[type(request)](request))
        except CATCHABLE as error:
            reply = self._codec.encode(_failure(request.sequence, error))
        return request, reply

    def _hello(self, request: messages.Hello) -> messages.Reply:
        if not secrets.compare_digest(request.token.encode(), self._token.encode()):
            raise AccessDenied("The token is not the one that this server was launched with.")
        if request.protocol[0] != PROTOCOL_VERSION[0]:
            raise ProtocolMismatch(
                f"The client (blendgym {request.package}) speaks protocol {_dotted(request.protocol)}, the server "
                f"(blendgym {__version__}) {_dotted(PROTOCOL_VERSION)}; install the same version on both sides."
            )
        self._session.require_free(request)
        self._slots.prepare(request.observe, request.warm_up)
        if self._session.begin(request):
            self._slots.stop()
        task, cameras = self._slots.task, self._slots.cameras
        return messages.Welcome(
            sequence=request.sequence,
            slots=len(self._slots),
            protocol=PROTOCOL_VERSION,
            package=__version__,
            blender=bpy.app.version_string,
            python=platform.python_version(),
            task=self._task,
            scene=self._slots.scene,
            scene_hash=self._slots.scene_hash,
            control_rate=task.control_rate,
            action_space=task.action_space,
            observation_space=task.observation_space,
            parameters=tuple(parameter.spec for parameter in task.parameters.values()),
            cameras=cameras.names,
            objects=cameras.objects,
            gpu=self._slots.gpu,
        )

    def _reset(self, request: messages.Reset) -> messages.Reply:
        return self._slots.reset(request.episodes, request.sequence)

    def _step(self, request: messages.Step) -> messages.Reply:
        return self._slots.step(request.actions, request.slots, request.sequence)

    def _render(self, request: messages.Render) -> messages.Reply:
        captures = self._slots.capture(request.slot, request.views)
        return messages.Rendered(sequence=request.sequence, captures=captures)

    def _ping(self, request: messages.Ping) -> messages.Reply:
        return messages.Pong(sequence=request.sequence)

    def _close(self, request: messages.Close) -> messages.Reply:
        self._closed = self._ends_with_session
        return messages.Closed(sequence=request.sequence)


def spare_the_garbage_collector() -> None:
    """What exists by now lives as long as the server: the collector need not go over it between steps."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)


def _failure(sequence: int, error: BaseException) -> messages.Failure:
    return messages.Failure(sequence=sequence, fault=fault_of(error))


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
