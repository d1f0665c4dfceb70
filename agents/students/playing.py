"""Episodes in many environments: one for each of some tasks, or one after the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.agents.students.action_coding import ActionCoding
from blendgym.agents.students.environments import Environments, Seeds
from blendgym.agents.students.history import History
from blendgym.parameters.episodes import Episodes, Tasks, joined
from blendgym.parameters.sources import Sampler, sampled
from blendgym.task import Task
from blendgym.twins.twin import Rows, TwinStep

Policy = Callable[[NDArray[np.float32], NDArray[np.int64]], NDArray[Any]]
"""From features (rows, size), and the numbers of the tasks in which they were seen (rows,), to actions (rows, …)."""

Observer = Callable[[NDArray[np.float32], NDArray[np.bool_]], None]
"""Told before each step the features (rows, size), and which rows count. The arrays are its own."""

IDLE_STEPS = 25
"""After how many steps environments that are through begin anew."""


def draw_seeds(generator: np.random.Generator, count: int) -> Seeds:
    """Seeds of so many episodes."""
    return generator.integers(2**64, size=count, dtype=np.uint64)


def play_once(
    environments: Environments, tasks: Tasks, seeds: Seeds, history: History, policy: Policy,
    observer: Observer | None = None,
) -> Episodes:  # fmt: skip
    """Plays one episode in each task. An environment that is through takes the next task that waits.

    Where none waits any more, environments wait for the others; those steps do not count.

    Args:
        environments: As many as there are tasks, or fewer.
        tasks: The tasks to be played.
        seeds: The seeds of the episodes, one for each task.
        history: What is remembered in as many environments.
        policy: What acts.
        observer: Told before each step what is seen.

    Returns:
        The episodes, in the order of the tasks.
    """
    count, total = environments.num_envs, len(tasks.unit)
    playing, following = np.arange(count), count
    history.begin(playing, environments.begin_at(playing, tasks.unit[playing], seeds[playing]))
    returns, lengths, under_way = np.zeros(total), np.zeros(total, np.int64), np.ones(count, np.bool_)
    for steps in itertools.count(1):
        features = history.features
        if observer:
            observer(features, under_way)
        actions = policy(features, playing)
        step = environments.step(actions)
        history.push(actions, step.observations)
        returns[playing] += step.rewards * under_way
        lengths[playing] += under_way
        over = under_way & (step.terminated | step.truncated)
        under_way = under_way & ~over
        rows = over.nonzero()[0][: total - following]
        if len(rows):
            playing, under_way = playing.copy(), under_way.copy()
            playing[rows], under_way[rows] = np.arange(following, following + len(rows)), True
            following += len(rows)
            history.begin(rows, environments.begin_at(rows, tasks.unit[playing[rows]], seeds[playing[rows]]))
        if not under_way.any():
            break
        # Poles that have fallen would spin until their numbers are not finite. Beginning anew costs as much as a step.
        if steps % IDLE_STEPS == 0 and (rows := (~under_way).nonzero()[0]).size:
            environments.begin_at(rows, tasks.unit[playing[rows]], seeds[playing[rows]])
    versions = np.full(total, tasks.version, np.int64)
    return _episodes(environments.task, tasks.unit, tasks.tags, versions, returns, lengths)


class Playing:
    """Environments that ask for a task whenever an episode begins.

    Args:
        environments: The environments, all of which are played.
        generator: Draws seeds, and what sources sample.

    Attributes:
        unit: float64 (environments, dimensions): the tasks that are being played.
        trains: bool (environments,): whether the student may learn from them.
        has_begun: Whether ``begin`` was called.
        observations: What is seen of the present states. Where an episode has just ended, the first one of the next.
    """

    def __init__(self, environments: Environments, generator: np.random.Generator) -> None:
        self._environments, self._generator = environments, generator
        count, task = environments.num_envs, environments.task
        self._everyone = np.arange(count)
        self.unit = np.zeros((count, len(environments.parameters)))
        self.trains = np.ones(count, np.bool_)
        self.observations: NDArray[Any] = np.zeros((count, *environments.observation_scale.shape), np.float32)
        self._tags, self._versions = np.zeros((2, count), np.int64)
        self._seeds = np.zeros(count, np.uint64)
        self._returns = np.zeros(count)
        coding = ActionCoding(task.action_space)
        self._actions = np.zeros((environments.max_episode_steps, count, *coding.shape), coding.dtype)
        self._ended: list[Episodes] = []
        self.has_begun = False

    def begin(self, source: Sampler) -> None:
        """Begins an episode in every environment."""
        self.has_begun = True
        self._begin(self._everyone, source)

    def step(self, actions: NDArray[Any], source: Sampler) -> TwinStep:
        """Steps all environments; those whose episodes end begin the next.

        Returns:
            What the actions led to, the last observations of episodes that have ended included.
        """
        self._actions[self._environments.elapsed, self._everyone] = actions
        step = self._environments.step(actions)
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
            "elapsed": self._environments.elapsed.copy(),
            "actions": self._actions.copy(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Plays the episodes under way once more, up to where they were; these steps are not new ones."""
        self.has_begun, self._ended = state["has_begun"], []
        self.unit, self.trains = state["unit"].copy(), state["trains"].copy()
        self._tags, self._versions = state["tags"].copy(), state["versions"].copy()
        self._seeds, self._actions = state["seeds"].copy(), state["actions"].copy()
        elapsed, longest = state["elapsed"], state["elapsed"].max()
        for left in range(longest, 0, -1):
            # An episode begins when it is its time, so that all of them arrive together, and idles until then.
            idles = (elapsed < left) & ((longest - left) % IDLE_STEPS == 0)
            self._begin_again((idles | (elapsed == left)).nonzero()[0])
            step = self._environments.step(self._actions[self._environments.elapsed, self._everyone])
            self.observations = step.observations.copy()
            self._returns += step.rewards
        self._begin_again((elapsed == 0).nonzero()[0])

    def _begin(self, rows: Rows, source: Sampler) -> None:
        tasks = sampled(source, self._generator, len(rows), self._environments.parameters)
        self.unit[rows], self.trains[rows], self._tags[rows] = tasks.unit, tasks.trains, tasks.tags
        self._versions[rows] = tasks.version
        self._seeds[rows] = draw_seeds(self._generator, len(rows))
        self._begin_again(rows)

    def _begin_again(self, rows: Rows) -> None:
        if not len(rows):
            return
        self._returns[rows] = 0.0
        self.observations[rows] = self._environments.begin_at(rows, self.unit[rows], self._seeds[rows])

    def _episodes(self, rows: Rows) -> Episodes:
        # Copied by the indices: these rows are about to be those of the next episodes.
        return _episodes(
            self._environments.task, self.unit[rows], self._tags[rows], self._versions[rows], self._returns[rows],
            self._environments.elapsed[rows],
        )  # fmt: skip


def _episodes(
    task: Task, unit: NDArray[np.float64], tags: NDArray[np.int64], versions: NDArray[np.int64],
    returns: NDArray[np.float64], lengths: NDArray[np.int64],
) -> Episodes:  # fmt: skip
    return Episodes(unit, tags, versions, returns, task.scores(returns), task.successes(returns), lengths)
