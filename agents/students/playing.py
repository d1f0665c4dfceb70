"""Episodes in the environments of a twin: one for each of some tasks, or one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.agents.students.action_coding import ActionCoding
from blendgym.agents.students.history import History
from blendgym.agents.students.student import TaskSource
from blendgym.parameters.episodes import Episodes, Tasks, joined
from blendgym.parameters.sources import sampled
from blendgym.spaces import only
from blendgym.twins.twin import Rows, Twin, TwinStep

Policy = Callable[[NDArray[np.float32]], NDArray[Any]]
"""From features (rows, size) to actions (rows, …)."""

IDLE_STEPS = 25
"""After which environments that are through begin anew."""

Seeds = NDArray[np.uint64]
Observer = Callable[[NDArray[np.float32], NDArray[np.bool_]], None]


def draw_seeds(generator: np.random.Generator, count: int) -> Seeds:
    """Seeds of episodes."""
    return generator.integers(2**64, size=count, dtype=np.uint64)


def play_once(
    twin: Twin, tasks: Tasks, seeds: Seeds, history: History, policy: Policy, observer: Observer | None = None
) -> Episodes:
    """Plays one episode in each task. Environments that are through wait for the others; those steps do not count.

    Args:
        twin: With as many environments as there are tasks.
        tasks: To be played.
        seeds: Of the episodes.
        history: Of as many environments.
        policy: What acts.
        observer: Told before each step the features, and which environments are not through. The arrays are its own.

    Returns:
        The episodes, in the order of the tasks.
    """
    count = twin.num_envs
    everyone = np.arange(count)
    history.begin(everyone, twin.begin(everyone, twin.values_at(tasks.unit), seeds))
    returns, lengths, under_way = np.zeros(count), np.zeros(count, np.int64), np.ones(count, np.bool_)
    while under_way.any():
        features = history.features
        if observer:
            observer(features, under_way)
        actions = policy(features)
        step = twin.step(actions)
        history.push(actions, step.observations)
        returns += step.rewards * under_way
        lengths += under_way
        under_way = under_way & ~(step.terminated | step.truncated)
        # Poles that have fallen would spin until their numbers are not finite. Beginning anew costs as much as a step.
        if lengths.max() % IDLE_STEPS == 0 and (rows := (~under_way).nonzero()[0]).size:
            twin.begin(rows, twin.values_at(tasks.unit[rows]), seeds[rows])
    return _episodes(twin, tasks.unit, tasks.tags, np.full(count, tasks.version, np.int64), returns, lengths)


class Playing:
    """Environments of a twin that ask for a task whenever an episode begins.

    Args:
        twin: All of whose environments are played.
        generator: Of seeds, and of what sources sample.

    Attributes:
        unit: float64 (environments, dimensions): the tasks that are being played.
        trains: bool (environments,): whether the student may learn from them.
        has_begun: Whether ``begin`` was called.
        observations: Of the present states. Where an episode has just ended, the first one of the next.
    """

    def __init__(self, twin: Twin, generator: np.random.Generator) -> None:
        self._twin, self._generator = twin, generator
        count, task = twin.num_envs, twin.task
        self._everyone = np.arange(count)
        self.unit = np.zeros((count, len(twin.parameters)))
        self.trains = np.ones(count, np.bool_)
        shape = only(task.observation_space, "A student on a twin").shape
        self.observations: NDArray[Any] = np.zeros((count, *shape), np.float32)
        self._tags, self._versions = np.zeros((2, count), np.int64)
        self._seeds = np.zeros(count, np.uint64)
        self._returns = np.zeros(count)
        coding = ActionCoding(task.action_space)
        self._actions = np.zeros((twin.max_episode_steps, count, *coding.shape), coding.dtype)
        self._ended: list[Episodes] = []
        self.has_begun = False

    def begin(self, source: TaskSource) -> None:
        """Begins an episode in every environment."""
        self.has_begun = True
        self._begin(self._everyone, source)

    def step(self, actions: NDArray[Any], source: TaskSource) -> TwinStep:
        """Steps all environments; those whose episodes end begin the next.

        Returns:
            What the actions led to, the last observations of episodes that have ended included.
        """
        self._actions[self._twin.elapsed, self._everyone] = actions
        step = self._twin.step(actions)
        self._returns += step.rewards
        self.observations = step.observations
        over = (step.terminated | step.truncated).nonzero()[0]
        if len(over):
            self._ended.append(self._episodes(over))
            self.observations = step.observations.copy()
            self._begin(over, source)
        return step

    def take_ended(self) -> Episodes:
        """The episodes that have ended since the last call."""
        ended, self._ended = self._ended, []
        return joined(ended, self.unit.shape[1])

    def state_dict(self) -> dict[str, Any]:
        """What the episodes under way depend on: tasks, seeds and actions so far."""
        return {
            "has_begun": self.has_begun,
            "unit": self.unit.copy(),
            "trains": self.trains.copy(),
            "tags": self._tags.copy(),
            "versions": self._versions.copy(),
            "seeds": self._seeds.copy(),
            "elapsed": self._twin.elapsed.copy(),
            "actions": self._actions.copy(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Plays the episodes under way once more, up to where they were; these steps are not new ones."""
        self.has_begun, self._ended = state["has_begun"], []
        self.unit, self.trains = state["unit"].copy(), state["trains"].copy()
        self._tags, self._versions = state["tags"].copy(), state["versions"].copy()
        self._seeds, self._actions = state["seeds"].copy(), state["actions"].copy()
        elapsed = state["elapsed"]
        for left in range(elapsed.max(), 0, -1):
            # An episode begins anew until it is its time, so that all of them arrive together.
            self._begin_again((elapsed <= left).nonzero()[0])
            step = self._twin.step(self._actions[self._twin.elapsed, self._everyone])
            self.observations = step.observations.copy()
            self._returns += step.rewards
        self._begin_again((elapsed == 0).nonzero()[0])

    def _begin(self, rows: Rows, source: TaskSource) -> None:
        tasks = sampled(source, self._generator, len(rows), self._twin.parameters)
        self.unit[rows], self.trains[rows], self._tags[rows] = tasks.unit, tasks.trains, tasks.tags
        self._versions[rows] = tasks.version
        self._seeds[rows] = draw_seeds(self._generator, len(rows))
        self._begin_again(rows)

    def _begin_again(self, rows: Rows) -> None:
        self._returns[rows] = 0.0
        self.observations[rows] = self._twin.begin(rows, self._twin.values_at(self.unit[rows]), self._seeds[rows])

    def _episodes(self, rows: Rows) -> Episodes:
        # Copied by the indices: these rows are about to be those of the next episodes.
        return _episodes(
            self._twin, self.unit[rows], self._tags[rows], self._versions[rows], self._returns[rows],
            self._twin.elapsed[rows],
        )  # fmt: skip


def _episodes(
    twin: Twin, unit: NDArray[np.float64], tags: NDArray[np.int64], versions: NDArray[np.int64],
    returns: NDArray[np.float64], lengths: NDArray[np.int64],
) -> Episodes:  # fmt: skip
    task = twin.task
    return Episodes(unit, tags, versions, returns, task.scores(returns), task.successes(returns), lengths)
