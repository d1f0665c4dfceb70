"""Episodes that are played in a scene: by nobody, by chance, or by whoever connects."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym.blender.scenes import LoadedScene
from blendgym.errors import TaskNotFound
from blendgym.parameters.draws import keyed_generator
from blendgym.parameters.sources import Prior
from blendgym.server.server import Server
from blendgym.server.simulation import Simulation
from blendgym.server.slots import Slots
from blendgym.spaces import Leaf
from blendgym.task import Task, make_task
from blendgym.wire.launch import LaunchOrder
from blendgym.wire.messages import Began, Episode, Stepped
from blendgym.wire.pulse import PULSE_FILE, Pulse

Policy = Literal["zero", "random"]

MOST_STEPS = 200
"""Of an episode of a task that does not end by itself."""

TURN_SECONDS = 0.05
IDLE_SECONDS = 60.0
"""After which another client may take the place of one that has gone."""


class Played:
    """What a person is told of episodes.

    Attributes:
        number: Of the episode, from 0 on; -1 before the first.
        steps: Of it so far.
        total: Sum of its rewards so far.
        last: Sum of rewards of the episode before; ``None`` before the first has ended.
        parameters: That are in effect in it.
    """

    def __init__(self) -> None:
        self.number, self.steps, self.total = -1, 0, 0.0
        self.last: float | None = None
        self.parameters: dict[str, float] = {}

    def begin(self, parameters: dict[str, float]) -> None:
        """Notes that an episode begins."""
        self.last = self.total if self.steps else self.last
        self.number, self.steps, self.total, self.parameters = self.number + 1, 0, 0.0, parameters

    def add(self, reward: float) -> None:
        """Notes a step."""
        self.steps, self.total = self.steps + 1, self.total + reward


class SelfPlay:
    """Plays one episode after the other.

    Args:
        task: The task.
        loaded: Its scene.
        policy: ``"random"``, or ``"zero"`` for what is done when nothing is done.
        is_randomized: Whether each episode draws the parameters of the task.
        most_steps: After which an episode is cut off.
    """

    def __init__(
        self, task: Task, loaded: LoadedScene, policy: Policy, is_randomized: bool, most_steps: int = MOST_STEPS
    ) -> None:
        self._task, self._policy, self._most_steps = task, policy, most_steps
        self._prior = Prior(task.parameters) if is_randomized and task.parameters else None
        self._simulation = Simulation(task, loaded)
        self.played = Played()
        self._begin()

    def turn(self) -> float:
        """Takes a step, or begins the next episode; says after how many seconds the next turn is due."""
        if self._simulation.is_running and self.played.steps < self._most_steps:
            _, outcome = self._simulation.step(self._action())
            self.played.add(outcome.reward)
        else:
            self._begin()
        return 1.0 / self._task.control_rate

    def close(self) -> None:
        """Nothing is to be given up."""

    def _begin(self) -> None:
        seed = self.played.number + 1
        space = self._task.parameters
        values = space.named(space.from_unit(self._prior.draw(seed, seed).unit[0])) if self._prior else {}
        self._generator = keyed_generator(seed, "policy")
        _, in_effect = self._simulation.reset(Episode(seed=seed, parameters=values))
        self.played.begin(in_effect)

    def _action(self) -> NDArray[Any]:
        space = self._task.action_space
        return zero_of(space) if self._policy == "zero" else drawn_from(space, self._generator)


class ServedPlay:
    """Lets a trainer of another process play, as a server does.

    Args:
        entry_point: The task, as ``module:Class``: what the trainer calls it.
        task: The task.
        loaded: Its scene.
        address: To listen at, such as ``"tcp://127.0.0.1:5555"``.
    """

    def __init__(self, entry_point: str, task: Task, loaded: LoadedScene, address: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="blendgym-play-")
        self._slots = _WatchedSlots([task], [loaded], str(bpy.data.filepath) or "open scene")
        order = LaunchOrder(
            task=entry_point,
            entry_point=entry_point,
            options={},
            endpoint=address,
            token="",
            program=str(bpy.app.binary_path),
            python_version="",
            pinned={},
            code_path=[],
            site_path=[],
            packages_folder="",
            idle_timeout=IDLE_SECONDS,
        )
        self._server = Server(self._slots, order, Pulse(Path(self._folder.name) / PULSE_FILE))
        self.address = self._server.endpoint

    @property
    def played(self) -> Played:
        """What a person is told."""
        return self._slots.played

    def turn(self) -> float:
        """Answers for a while; the next turn is due at once, behind Blender's own events."""
        self._server.serve_for(TURN_SECONDS)
        return 0.0

    def close(self) -> None:
        """Gives the address up."""
        self._server.close()
        self._folder.cleanup()


class _WatchedSlots(Slots):
    def __init__(self, tasks: Sequence[Task], scenes: Sequence[LoadedScene], source: str) -> None:
        super().__init__(tasks, scenes, source)
        self.played = Played()

    def reset(self, episodes: Sequence[Episode], sequence: int) -> Began:
        began = super().reset(episodes, sequence)
        self.played.begin(began.parameters[0])
        return began

    def step(self, actions: NDArray[Any], slots: Sequence[int] | None, sequence: int) -> Stepped:
        stepped = super().step(actions, slots, sequence)
        self.played.add(stepped.rewards[0])
        return stepped


def task_in(folder: Path) -> tuple[str, Task]:
    """The task of the room in a folder, read anew, as its environments have it unless they are told otherwise.

    Returns:
        Its name, as ``module:Class``, and the task.

    Raises:
        TaskNotFound: If there is no room.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] == folder.name]:
        del sys.modules[name]
    if str(folder.parent) not in sys.path:
        sys.path.append(str(folder.parent))
    importlib.invalidate_caches()
    room = getattr(importlib.import_module(folder.name), "ROOM", None) if (folder / "__init__.py").is_file() else None
    if room is None:
        raise TaskNotFound(
            f"The folder {folder} is no room of an environment, whose __init__.py declares a ROOM. Choose one, or "
            "write one of this scene."
        )
    return room.entry_point, make_task(room.entry_point, dict(room.arguments))


def zero_of(space: Leaf) -> NDArray[Any]:
    """The action that is as near to zero as there is one."""
    return np.clip(np.zeros_like(space.lowest), space.lowest, space.highest)


def drawn_from(space: Leaf, generator: np.random.Generator) -> NDArray[Any]:
    """An action from all that there are, all alike; where there are no bounds, as if they were -1 and 1."""
    low, high = space.lowest, space.highest
    if low.dtype.kind in "iu":
        return np.asarray(generator.integers(low, high, endpoint=True), low.dtype)
    bounded = np.where(np.isfinite(low), low, -1.0), np.where(np.isfinite(high), high, 1.0)
    return np.asarray(generator.uniform(*bounded), low.dtype)
