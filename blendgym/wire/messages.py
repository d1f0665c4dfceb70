"""The messages of the protocol: what a client asks, what a server answers.

A server holds some slots, each a scene with an episode of its own; one request resets or steps any of them. A request
gets exactly one reply, which echoes its sequence number: the reply of its own kind, or a ``Failure``.

    client                      server
    Hello(token, views)    ->   Welcome(specs)
    Reset(episodes)        ->   Began(observations, parameters in effect)
    Step(actions, slots)   ->   Stepped(observations, rewards, terminated, successes)
    Render(slot, views)    ->   Rendered(captures)
    Ping()                 ->   Pong()
    Close()                ->   Closed()

What is wrong with a whole request is a ``Failure``, and nothing has changed then. What goes wrong with one slot, while
the others are reset or stepped, is among the faults of the reply.
"""

from __future__ import annotations

from typing import Any

import msgspec
from numpy.typing import NDArray

from blendgym.errors import BlendgymError, error_from_code
from blendgym.images.appearance import Appearance
from blendgym.images.captures import Capture, ObjectEntry
from blendgym.images.views import View
from blendgym.parameters.specs import ParameterSpec
from blendgym.spaces import Leaf, Space

PROTOCOL_VERSION = (2, 1)
"""Major and minor. Another major is refused by both sides, another minor is a warning."""

MAX_REQUEST_BYTES = 64 << 20
MAX_REPLY_BYTES = 1 << 30
"""Either side hangs up on whoever sends more."""

MAX_SEED = 2**63 - 1
"""The highest seed of an episode; the lowest is 0."""

Array = NDArray[Any]


class Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """A question of the client.

    Args:
        sequence: Counts the requests of a session. A repeated number gets the reply of the first again, unexecuted.
        session: The secret of the session: random bytes that the client has chosen.
    """

    sequence: int = 0
    session: bytes = b""


class Hello(Request, frozen=True, kw_only=True, tag="hello"):
    """Asks for a session, or for one's own again, over another connection.

    Args:
        protocol: Major and minor version of the protocol that the client speaks.
        package: Version of blendgym on the client's side.
        token: The secret of this launch.
        observe: The views that every observation shows beside the state.
        warm_up: Further views that will be asked for: their shaders are compiled before the welcome.
    """

    protocol: tuple[int, int]
    package: str
    token: str
    observe: tuple[View, ...] = ()
    warm_up: tuple[View, ...] = ()


class Interval(msgspec.Struct, frozen=True):
    """A parameter that is drawn anew within an episode, from its prior between other bounds.

    Args:
        name: Of the parameter.
        steps: After how many steps, again and again.
        low: Lowest value.
        high: Highest value.
    """

    name: str
    steps: int
    low: float
    high: float


class Episode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an episode depends on, besides its actions.

    Args:
        slot: Where it is to be.
        seed: Seeds every random draw of the episode.
        parameters: Values that differ from the nominal ones in this episode, by name.
        appearance: What the scene looks like in this episode; ``None`` for how it was built.
        intervals: Parameters that change within the episode.
        actions: With which it begins, (steps, …): the first observation that is seen is the one behind them. ``None``
            for an episode that begins at its beginning.
    """

    slot: int = 0
    seed: int
    parameters: dict[str, float] = {}
    appearance: Appearance | None = None
    intervals: tuple[Interval, ...] = ()
    actions: Array | None = None


class Reset(Request, frozen=True, kw_only=True, tag="reset"):
    """Begins episodes.

    Args:
        episodes: At most one for each slot; the slots that are not named go on.
    """

    episodes: tuple[Episode, ...]

    @property
    def steps(self) -> int:
        """How many steps are taken, in all episodes, before they are seen."""
        return sum(len(episode.actions) for episode in self.episodes if episode.actions is not None)


class Step(Request, frozen=True, kw_only=True, omit_defaults=True, tag="step"):
    """Applies actions for one control period.

    Args:
        actions: Elements of the action space, (slots, …).
        slots: Whom they are for, in this order; ``None`` for all. Time stands still in the others.
    """

    actions: Array
    slots: tuple[int, ...] | None = None


class Render(Request, frozen=True, kw_only=True, tag="render"):
    """Renders the present state of a slot.

    Args:
        slot: Which.
        views: What of it, and how.
    """

    slot: int = 0
    views: tuple[View, ...]


class Ping(Request, frozen=True, kw_only=True, tag="ping"):
    """Asks whether the server's main loop is alive."""


class Close(Request, frozen=True, kw_only=True, tag="close"):
    """Ends the session, and with it a server that was launched for it."""


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """An answer of the server.

    Args:
        sequence: The sequence number of the request that it answers.
    """

    sequence: int


class Welcome(Reply, frozen=True, kw_only=True, tag="welcome"):
    """Grants a session, and says all that a client needs to know.

    Args:
        slots: How many episodes the server holds side by side.
        protocol: Major and minor version of the protocol that the server speaks.
        package: Version of blendgym on the server's side.
        blender: Version of Blender, such as ``4.5.15``.
        python: Version of the Python inside Blender.
        task: The task, as ``module:class``.
        scene: The scene's name or path.
        scene_hash: SHA-256 over everything in the scene that physics or pixels depend on.
        control_rate: Steps per simulated second, in Hz.
        action_space: What ``Step.action`` must lie in.
        observation_space: What every observation lies in.
        parameters: Every randomization parameter.
        cameras: Names of the cameras.
        objects: Everything that can be seen, by id.
        gpu: The GPU that renders those views of the hello that need one; empty if none does.
    """

    slots: int
    protocol: tuple[int, int]
    package: str
    blender: str
    python: str
    task: str
    scene: str
    scene_hash: str
    control_rate: float
    action_space: Leaf
    observation_space: Space
    parameters: tuple[ParameterSpec, ...]
    cameras: tuple[str, ...]
    objects: tuple[ObjectEntry, ...]
    gpu: str = ""


class Fault(msgspec.Struct, frozen=True):
    """What went wrong.

    Args:
        code: The ``code`` of a class in ``blendgym.errors``.
        message: Its message.
        details: Its details.
    """

    code: str
    message: str
    details: dict[str, Any]

    def error(self) -> BlendgymError:
        """The error that it stands for."""
        return error_from_code(self.code, self.message, self.details)


class Began(Reply, frozen=True, kw_only=True, omit_defaults=True, tag="began"):
    """Episodes have begun; rows are in the order of the request.

    Args:
        observations: The first ones, (slots, …) by name: the arrays of the state, and the passes of the views.
        parameters: What is really in effect, read back from the simulation, by name, for each slot.
        objects: Everything that can be seen, by id, for each slot; empty where it is as the welcome said.
        faults: By slot; the episode there is over, and its rows are zero.
    """

    observations: dict[str, Array]
    parameters: tuple[dict[str, float], ...]
    objects: tuple[tuple[ObjectEntry, ...], ...] = ()
    faults: dict[int, Fault] = {}


class Stepped(Reply, frozen=True, kw_only=True, omit_defaults=True, tag="stepped"):
    """One control period has passed; rows are in the order of the request.

    Args:
        observations: At its end, (slots, …) by name: the arrays of the state, and the passes of the views.
        rewards: Of this step.
        terminated: Whether the task has ended the episode.
        successes: Whether the episode would count as a success if it ended now.
        faults: By slot; the episode there is over, and its rows are zero.
    """

    observations: dict[str, Array]
    rewards: tuple[float, ...]
    terminated: tuple[bool, ...]
    successes: tuple[bool, ...]
    faults: dict[int, Fault] = {}


class Rendered(Reply, frozen=True, kw_only=True, tag="rendered"):
    """Pictures.

    Args:
        captures: Of each view: its images, the geometry of the camera, and what is in sight if that was asked for.
    """

    captures: tuple[Capture, ...]


class Pong(Reply, frozen=True, kw_only=True, tag="pong"):
    """The main loop is alive."""


class Closed(Reply, frozen=True, kw_only=True, tag="closed"):
    """The session has ended; a server that was launched for it ends right after this reply."""


class Failure(Reply, frozen=True, kw_only=True, tag="failure"):
    """The request was not carried out.

    Args:
        fault: Why not.
    """

    fault: Fault


AnyRequest = Hello | Reset | Step | Render | Ping | Close
AnyReply = Welcome | Began | Stepped | Rendered | Pong | Closed | Failure
