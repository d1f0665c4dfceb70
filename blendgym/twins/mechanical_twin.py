"""What all twins have in common: episodes, sensors, and mechanics by ordinary differential equations."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidSpace
from blendgym.parameters import ParameterSpace
from blendgym.spaces import STATE, Box
from blendgym.task import Task
from blendgym.twins.counted_draws import Seeds, mixed, uniform
from blendgym.twins.runge_kutta import RungeKutta, States
from blendgym.twins.sensors import Delay, Sensors
from blendgym.twins.twin import Rows, Twin, TwinStep, Values


class MechanicalTwin(Twin):
    """A twin with coordinates that obey differential equations of second order.

    Bullet integrates semi-implicitly, in substeps of h: velocities first, then positions with the new velocities. That
    is the leapfrog method, with velocities that are those of half a substep ago (Hairer, Lubich and Wanner, "Geometric
    Numerical Integration Illustrated by the Störmer-Verlet Method", 2003, section 1). So the twin moves positions back
    by h/2, integrates the exact equations over a frame, and moves them forward again: it agrees with Bullet to second
    order in h, where the exact equations alone would to first order.

    Attributes:
        positions: float64 (coordinates, environments).
        velocities: float64 (coordinates, environments), as Blender's joints measure them: from positions.
    """

    coordinates: ClassVar[int]
    """How many coordinates a task has."""

    def __init__(self, task: Task, num_envs: int, max_episode_steps: int, parameters: ParameterSpace) -> None:
        super().__init__(task, num_envs, max_episode_steps, parameters)
        self._states = np.zeros((2 * self.coordinates, num_envs))
        self._view_states()
        self.velocities = np.zeros_like(self.positions)
        self._force = np.zeros(num_envs)
        self._frames_per_step = task.frames_per_step
        self._frame = 1.0 / task.control_rate / task.frames_per_step
        self._half_substep = self._frame / task.substeps / 2
        # Mean velocities of a frame into those at its end: see blendgym.blender.physics.joint.
        self._gain = 2 * task.substeps / (task.substeps + 1)
        self._integrator = RungeKutta(self._derivative, self._states.shape)
        self._before, self._change = np.empty((2, *self.positions.shape))
        self._commands = Delay(self._longest("action.latency"), (num_envs,), np.float64)
        space, scale = _box_of(task), task.scale_of_observations()[STATE]
        self._sensors = Sensors(space, scale, num_envs, self._longest("observation.latency"))
        self._seeds = np.zeros(num_envs, np.uint64)
        # Places of random numbers: some for the initial state, then an even number for the noise of each observation.
        self._noise_places = len(scale) + 1 & ~1

    def __setstate__(self, copied: dict[str, Any]) -> None:
        """What was pickled or copied: an array that shares the memory of another does not do so in a copy."""
        self.__dict__.update(copied)
        self._view_states()

    def _view_states(self) -> None:
        self.positions, self._velocities = self._states[: self.coordinates], self._states[self.coordinates :]

    def place(self, rows: Rows, positions: NDArray[np.float64], velocities: NDArray[np.float64]) -> None:
        """Moves environments, in whatever episodes they are.

        Args:
            rows: The numbers of these environments.
            positions: The positions to move to: float64 (coordinates, rows).
            velocities: The velocities there: float64 (coordinates, rows).
        """
        self.positions[:, rows] = positions
        self.velocities[:, rows] = self._velocities[:, rows] = velocities

    def begin(self, rows: Rows, values: Values, seeds: Seeds) -> NDArray[Any]:  # noqa: D102
        self.elapsed[rows] = 0
        self._seeds[rows] = seeds = mixed(seeds.astype(np.uint64))
        self._set_parameters(rows, values)
        self.place(rows, *self._initial_state(uniform(seeds, 0, len(self._states)), values))
        self._commands.begin(rows, values["action.latency"], 0.0)
        observations = self._observe(self.positions[:, rows], self.velocities[:, rows])
        self._sensors.begin(rows, observations, values["observation.latency"], values["observation.noise"])
        return self._sensors.blurred(rows, observations, seeds, len(self._states))

    def step(self, actions: NDArray[Any]) -> TwinStep:  # noqa: D102
        self.elapsed += 1
        self._push(self._commands.send(self._shares(actions)))
        for _ in range(self._frames_per_step):
            self._advance()
        rewards, terminated, success = self._outcome()
        first = self.elapsed.astype(np.uint64) * np.uint64(self._noise_places) + np.uint64(len(self._states))
        observations = self._sensors.send(self._observe(self.positions, self.velocities), self._seeds, first)
        truncated = (self.elapsed >= self.max_episode_steps) & ~terminated
        return TwinStep(observations, rewards, terminated, truncated, success)

    @abstractmethod
    def _shares(self, actions: NDArray[Any]) -> NDArray[np.float64]:
        """Actions as shares of the force, from -1 to 1: float64 (environments,)."""

    @abstractmethod
    def _push(self, shares: NDArray[np.float64]) -> None:
        """Applies shares of the force for one control period."""

    @abstractmethod
    def _set_parameters(self, rows: Rows, values: Values) -> None:
        """Puts parameters into effect in some environments."""

    @abstractmethod
    def _initial_state(self, draws: NDArray[np.float64], values: Values) -> tuple[States, States]:
        """Positions and velocities in the beginning, from as many numbers from [0, 1) and the parameters."""

    @abstractmethod
    def _derivative(self, states: States, out: States) -> None:
        """The equations of motion."""

    @abstractmethod
    def _observe(self, positions: States, velocities: States) -> NDArray[Any]:
        """What is observed of a state: float32 (rows, …)."""

    @abstractmethod
    def _outcome(self) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
        """Rewards, terminations and successes of the step that led to the present state."""

    def _advance(self) -> None:
        """Simulates one frame, and measures velocities at its end."""
        change = self._change
        np.copyto(self._before, self.positions)
        self.positions -= np.multiply(self._velocities, self._half_substep, out=change)
        self._integrator.advance(self._states, self._frame)
        self.positions += np.multiply(self._velocities, self._half_substep, out=change)
        np.subtract(self.positions, self._before, out=change)
        change /= self._frame
        change -= self.velocities
        change *= self._gain
        self.velocities += change

    def _longest(self, latency: str) -> int:
        return int(self.task.parameters[latency].high)


def _box_of(task: Task) -> Box:
    if not isinstance(task.observation_space, Box):
        raise InvalidSpace(
            f"{type(task).__name__} observes {task.observation_space}; a mechanical twin has a Box. Write a twin of "
            "its own, as a subclass of blendgym.twins.twin.Twin, for others."
        )
    return task.observation_space
