"""Augmented random search: policies that are one matrix, learnt without gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.agents.students.environments import Workplace
from blendgym.agents.students.moments import Moments
from blendgym.agents.students.playing import draw_seeds
from blendgym.agents.students.policy_student import OutputsInTasks, PolicyStudent, finite
from blendgym.checks import check_positive, is_number
from blendgym.errors import InvalidOption
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import Episodes, Tasks, joined
from blendgym.parameters.sources import Sampler, sampled

MOST_TASKS = 8
"""That a direction meets in an update."""

Policies = NDArray[np.float64]
"""float64 (policies, outputs, features)."""


class RandomSearch(PolicyStudent):
    """Augmented random search, version V2-t.

    Mania, Guy and Recht, "Simple random search provides a competitive approach to reinforcement learning" (2018),
    algorithm 1. An update plays random directions forth and back, all at once, and moves the policy by what they were
    worth. Both ways of a direction meet the same tasks with the same initial states and noise. While episodes are
    short, each meets more tasks, so that an update costs about the same all the time.

    Args:
        env_id: Id of the environment in Blender, as ``gym.make`` takes it.
        parameters: The parameters that are randomized.
        seed: The seed of everything that is random about it.
        directions: How many directions an update tries (N).
        best: How many of them it uses (b): those in which one of the two ways went farthest.
        step_size: How far an update goes (α).
        noise: The size of the perturbations (ν).
        steps_per_update: What an update costs if episodes allow it; the longest ones cost more.
        history: How many observations the policy sees at once.
        twin: Whether it plays in the environment's NumPy twin; ``None`` if there is one.
        num_envs: How many environments it plays in at once where they are in Blender.
        num_servers: How many Blender processes share these.
        arguments: Keyword arguments of the task, and in Blender of the environments.

    Raises:
        InvalidOption: If there are not ``1 <= best <= directions``, or a size is not above 0.
    """

    def __init__(
        self, env_id: str, parameters: ParameterSpace, seed: int, *, directions: int = 16, best: int = 8,
        step_size: float = 0.1, noise: float = 0.1, steps_per_update: int = 16_000, history: int = 2,
        twin: bool | None = None, num_envs: int = 16, num_servers: int = 1, **arguments: Any,
    ) -> None:  # fmt: skip
        check_positive(directions=directions, best=best, steps_per_update=steps_per_update)
        if best > directions:
            raise InvalidOption(f"best is {best} and directions {directions}; expected 1 <= best <= directions.")
        super().__init__(Workplace(env_id, parameters, twin, num_servers, arguments), seed, num_envs, history)
        if not (is_number(step_size) and step_size > 0.0 and is_number(noise) and noise > 0.0):
            raise InvalidOption(f"step_size is {step_size} and noise {noise}; expected numbers above 0.")
        self._directions, self._best = directions, best
        self._step_size, self._noise = step_size, noise
        self._steps_per_update = steps_per_update
        size = self._history(1).size
        self._moments = Moments(size)
        self._policy = np.zeros((self._coding.size, size))
        self._mean_length = 1.0

    def train(self, source: Sampler, steps: int) -> Episodes:
        """Every update plays its episodes to their ends, so none is dropped."""
        parts = []
        target = self.charged_steps + steps
        while self.charged_steps < target:
            parts.append(self._update(source))
        return joined(parts, len(self._parameters))

    def state_dict(self) -> dict[str, Any]:
        """Policy, moments of the features, and the generator's state."""
        return {
            "charged_steps": self.charged_steps,
            "policy": self._policy.copy(),
            "moments": self._moments.state_dict(),
            "mean_length": self._mean_length,
            "generator": self._generator.bit_generator.state,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes them back."""
        self.charged_steps = state["charged_steps"]
        self._policy = state["policy"].copy()
        self._moments.load_state_dict(state["moments"])
        self._mean_length = state["mean_length"]
        self._generator.bit_generator.state = state["generator"]

    def _outputs_in(self, unit: NDArray[np.float64]) -> OutputsInTasks:  # noqa: ARG002 (it sees no task)
        return lambda features, _: self._moments.standardized(features) @ self._policy.T

    def _update(self, source: Sampler) -> Episodes:
        each = self._tasks_for_each_direction()
        tasks = sampled(source, self._generator, self._directions * each, self._parameters)
        directions = self._generator.normal(size=(self._directions, *self._policy.shape))
        perturbed = self._policy + self._noise * np.concatenate([directions, -directions])
        episodes = self._play(perturbed, tasks)
        self.charged_steps += episodes.steps
        self._mean_length = float(episodes.lengths.mean())
        self._learn(directions, episodes.returns.reshape(2, self._directions, each), tasks.trains.reshape(-1, each))
        return episodes

    def _tasks_for_each_direction(self) -> int:
        episodes = self._steps_per_update / self._mean_length
        return int(np.clip(episodes / (2 * self._directions), 1, MOST_TASKS))

    def _play(self, perturbed: Policies, tasks: Tasks) -> Episodes:
        """Plays all tasks twice, the second time with the policies of the other way."""
        seeds = draw_seeds(self._generator, len(tasks.unit))
        both = Tasks(np.tile(tasks.unit, (2, 1)), np.tile(tasks.tags, 2), tasks.version, np.tile(tasks.trains, 2))
        count = len(both.unit)
        weights = perturbed.astype(np.float32).transpose(0, 2, 1)

        def policy(features: NDArray[np.float32], numbers: NDArray[np.int64]) -> NDArray[Any]:
            everywhere = np.zeros((count, features.shape[1]), np.float32)
            everywhere[numbers] = self._moments.standardized(features)
            outputs = (everywhere.reshape(len(weights), -1, features.shape[1]) @ weights).reshape(count, -1)
            return self._coding.decode(finite(outputs[numbers]))

        seen: list[NDArray[np.float32]] = []
        under_way: list[NDArray[np.bool_]] = []

        def observe(features: NDArray[np.float32], rows: NDArray[np.bool_]) -> None:
            seen.append(features)
            under_way.append(rows)

        episodes = self._play_once(both, np.tile(seeds, 2), policy, observe)
        self._moments.add(np.concatenate(seen)[np.concatenate(under_way)])
        return episodes

    def _learn(self, directions: Policies, returns: NDArray[np.float64], trains: NDArray[np.bool_]) -> None:
        """Moves the policy, by the tasks that train alone.

        Args:
            directions: The directions that were tried, in units of the perturbations.
            returns: float64 (2, directions, tasks): of both ways.
            trains: Whether the student may learn from each task: bool (directions, tasks).
        """
        usable = trains.any(axis=1).nonzero()[0]
        worth = np.where(trains, returns, 0.0).sum(axis=2)[:, usable] / trains.sum(axis=1)[usable]
        best = np.argsort(-worth.max(axis=0), kind="stable")[: self._best]
        deviation = worth[:, best].std() if len(best) else 0.0
        if deviation == 0.0:
            return
        gains = (worth[0] - worth[1])[best] / (len(best) * deviation)
        self._policy += self._step_size * np.tensordot(gains, directions[usable[best]], axes=1)
