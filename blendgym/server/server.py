"""The loop that owns Blender's main thread: one request, one reply."""

from __future__ import annotations

import gc
import platform
import secrets
import time
import traceback
from collections.abc import Callable
from typing import Any

import bpy

from blendgym.errors import AccessDenied, BlendgymError, MalformedMessage, ProtocolMismatch, ServerBusy, TaskError
from blendgym.protocol import messages
from blendgym.protocol.codec import Codec
from blendgym.protocol.messages import PROTOCOL_VERSION
from blendgym.server.simulation import Simulation
from blendgym.transport.sockets import bind
from blendgym.transport.waiting import wait_awake
from blendgym.version import __version__

MAX_REQUEST_BYTES = 64 << 20
GARBAGE_THRESHOLD = 10_000  # objects
AWAKE_SECONDS = 0.0001  # The next request of a client that does nothing but step comes sooner.


class Server:
    """Serves one simulation to one client.

    Args:
        simulation: What is served.
        task: Its name, as ``module:Class``.
        endpoint: ZeroMQ address to bind.
        token: The secret that a client has to say hello with.
    """

    def __init__(self, simulation: Simulation, task: str, endpoint: str, token: str) -> None:
        self._simulation = simulation
        self._task = task
        self._token = token
        self._session = b""
        self._last_sequence = -1
        self._last_reply: list[bytes] = []
        self._closed = False
        self._codec: Codec[messages.AnyRequest] = Codec(messages.AnyRequest)
        self._handlers: dict[type, Callable[[Any], messages.Reply]] = {
            messages.Hello: self._hello,
            messages.Reset: self._reset,
            messages.Step: self._step,
            messages.Render: self._render,
            messages.Ping: self._ping,
            messages.Close: self._close,
        }
        self._socket = bind(endpoint, MAX_REQUEST_BYTES)

    @property
    def endpoint(self) -> str:
        """The address that is bound, with the port that was chosen for it."""
        return self._socket.endpoint

    @property
    def is_closed(self) -> bool:
        """Whether a request has closed the session."""
        return self._closed

    def serve(self) -> None:
        """Answers requests until one of them closes the session."""
        spare_the_garbage_collector()
        while not self._closed:
            wait_awake(self._socket, AWAKE_SECONDS)
            self._serve_one()

    def serve_for(self, seconds: float) -> None:
        """Answers requests for a while, and longer only to finish an answer."""
        until = time.monotonic() + seconds
        while not self._closed and (left := until - time.monotonic()) > 0:
            if wait_awake(self._socket, AWAKE_SECONDS) or self._socket.poll(left):
                self._serve_one()

    def _serve_one(self) -> None:
        self._socket.send(self.answer(self._socket.receive()))
        if self._closed:
            self._socket.close()

    def answer(self, frames: list[bytes]) -> list[bytes]:
        """The reply to a request. Whatever the request holds, there is one."""
        try:
            request = self._codec.decode(frames)
        except MalformedMessage as error:
            return self._codec.encode(_failure(-1, error))
        if not self._is_of_the_session(request):
            return self._execute(request, allowed=isinstance(request, messages.Hello))
        # A client that lost a reply asks again; executing a step twice would corrupt its trajectory.
        if request.sequence != self._last_sequence:
            self._last_reply = self._execute(request, allowed=True)
            self._last_sequence = request.sequence
        return self._last_reply

    def _is_of_the_session(self, request: messages.AnyRequest) -> bool:
        return bool(self._session) and secrets.compare_digest(request.session, self._session)

    def _execute(self, request: messages.AnyRequest, allowed: bool) -> list[bytes]:
        try:
            if not allowed:
                raise AccessDenied("The request belongs to no session of this server; say hello first.")
            return self._codec.encode(self._handlers[type(request)](request))
        except BlendgymError as error:
            return self._codec.encode(_failure(request.sequence, error))
        except Exception as error:  # The task is the user's code, and Blender's errors have no common base.
            text = f"{type(error).__name__} inside Blender: {error}\n{traceback.format_exc()}"
            return self._codec.encode(_failure(request.sequence, TaskError(text)))

    def _hello(self, request: messages.Hello) -> messages.Reply:
        if not secrets.compare_digest(request.token.encode(), self._token.encode()):
            raise AccessDenied("The token is not the one that this server was launched with.")
        if request.protocol[0] != PROTOCOL_VERSION[0]:
            raise ProtocolMismatch(
                f"The client (blendgym {request.package}) speaks protocol {_dotted(request.protocol)}, the server "
                f"(blendgym {__version__}) {_dotted(PROTOCOL_VERSION)}; install the same version on both sides."
            )
        if self._session:
            raise ServerBusy("The server has a session with another client; launch a server for each.")
        self._simulation.prepare(request.observe, request.warm_up)
        self._session = secrets.token_bytes(16)
        task, cameras = self._simulation.task, self._simulation.cameras
        return messages.Welcome(
            sequence=request.sequence,
            session=self._session,
            protocol=PROTOCOL_VERSION,
            package=__version__,
            blender=bpy.app.version_string,
            python=platform.python_version(),
            task=self._task,
            scene=task.scene,
            scene_hash=self._simulation.scene_hash,
            control_rate=task.control_rate,
            action_space=task.action_space,
            observation_space=task.observation_space,
            parameters=tuple(parameter.spec for parameter in task.parameters.values()),
            cameras=cameras.names,
            objects=cameras.objects,
        )

    def _reset(self, request: messages.Reset) -> messages.Reply:
        (state, images), parameters = self._simulation.reset(request.seed, request.parameters, request.appearance)
        return messages.Began(sequence=request.sequence, observation=state, images=images, parameters=parameters)

    def _step(self, request: messages.Step) -> messages.Reply:
        (state, images), outcome = self._simulation.step(request.action)
        return messages.Stepped(
            sequence=request.sequence,
            observation=state,
            images=images,
            reward=float(outcome.reward),
            terminated=bool(outcome.terminated),
        )

    def _render(self, request: messages.Render) -> messages.Reply:
        capture = self._simulation.render(request.view, request.with_objects)
        return messages.Rendered(sequence=request.sequence, capture=capture)

    def _ping(self, request: messages.Ping) -> messages.Reply:
        return messages.Pong(sequence=request.sequence)

    def _close(self, request: messages.Close) -> messages.Reply:
        self._closed = True
        return messages.Closed(sequence=request.sequence)


def spare_the_garbage_collector() -> None:
    """What exists by now lives as long as the server: the collector need not go over it between steps."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)


def _failure(sequence: int, error: BlendgymError) -> messages.Failure:
    return messages.Failure(sequence=sequence, code=error.code, message=str(error), details=error.details)


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
