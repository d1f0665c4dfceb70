"""What students play in: many environments at once, in a NumPy twin or in Blender."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from numpy.typing import NDArray

from blendgym.agents.students.student import require_scores
from blendgym.checks import check_positive, check_switches
from blendgym.client.settings import Settings, refuse_unseen
from blendgym.errors import InvalidOption
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import check_unit
from blendgym.parameters.sources import Prior
from blendgym.registry import environment_spec, room_of
from blendgym.spaces import STATE
from blendgym.task import Task, task_class
from blendgym.twins.making import make_twin
from blendgym.twins.twin import Rows, Twin, TwinStep

Seeds = NDArray[np.uint64]

LARGEST_BYTE = 255.0


class Environments(Protocol):
    """Many environments of one task. An episode depends on its seed, parameters and actions alone.

    One that is over may be stepped with the others; whatever it does then counts for nothing until it is begun again.

    Attributes:
        task: The task of all of them.
        num_envs: How many they are.
        max_episode_steps: After how many steps an episode is truncated.
        parameters: The parameters that are randomized.
        elapsed: int64 (environments,): steps of the episodes so far.
        observation_scale: The typical size of each number of an observation: of an observation's shape.
    """

    task: Task
    num_envs: int
    max_episode_steps: int
    parameters: ParameterSpace
    elapsed: NDArray[np.int64]
    observation_scale: NDArray[np.float64]

    def begin_at(self, rows: Rows, unit: NDArray[np.float64], seeds: Seeds) -> NDArray[Any]:
        """Begins episodes in some environments.

        Args:
            rows: The numbers of these environments: all, the first time.
            unit: The places of their parameters in the unit cube: float64 (rows, dimensions).
            seeds: The seeds of their episodes: uint64 (rows,).

        Returns:
            Their first observations: (rows, …).
        """

    def step(self, actions: NDArray[Any]) -> TwinStep:
        """Applies actions (environments, …) for one control period."""

    def close(self) -> None:
        """Ends what was started for them."""


class TwinEnvironments:
    """The environments of a NumPy twin.

    Args:
        twin: The twin, which is nobody else's.
    """

    def __init__(self, twin: Twin) -> None:
        self.task, self.num_envs, self.parameters = twin.task, twin.num_envs, twin.parameters
        self.max_episode_steps, self.elapsed = twin.max_episode_steps, twin.elapsed
        self.observation_scale = _joined_scale(twin.task.scale_of_observations().values())
        self._twin = twin

    def begin_at(self, rows: Rows, unit: NDArray[np.float64], seeds: Seeds) -> NDArray[Any]:  # noqa: D102
        return _as_array(self._twin.begin(rows, self._twin.values_at(unit), seeds))

    def step(self, actions: NDArray[Any]) -> TwinStep:  # noqa: D102
        step = self._twin.step(actions)
        return step._replace(observations=_as_array(step.observations))

    def close(self) -> None:
        """Does nothing: there is nothing to end."""


class VectorEnvironments:
    """The environments of a Gymnasium vector environment of blendgym, in Blender or of a twin.

    Args:
        envs: Resets what is over in its next step (``AutoresetMode.NEXT_STEP``), so that environments which nobody
            waits for can be stepped with the others.
        parameters: The parameters that are randomized.
        max_episode_steps: After how many steps it truncates episodes.
    """

    def __init__(self, envs: VectorEnv[Any, Any, Any], parameters: ParameterSpace, max_episode_steps: int) -> None:
        self.task: Task = envs.task  # type: ignore[attr-defined]  # Those of blendgym have one.
        self.num_envs, self.parameters, self.max_episode_steps = envs.num_envs, parameters, max_episode_steps
        self.elapsed = np.zeros(envs.num_envs, np.int64)
        self.observation_scale = _scale(envs.single_observation_space, self.task.scale_of_observations())
        self._envs = envs

    def begin_at(self, rows: Rows, unit: NDArray[np.float64], seeds: Seeds) -> NDArray[Any]:  # noqa: D102
        check_unit(unit, (len(rows), len(self.parameters)))
        mask = np.zeros(self.num_envs, np.bool_)
        mask[rows] = True
        given: list[dict[str, float] | None] = [None] * self.num_envs
        seed: list[int | None] = [None] * self.num_envs
        for row, values, own in zip(rows.tolist(), self.parameters.from_unit(unit), seeds.tolist(), strict=True):
            given[row], seed[row] = self.parameters.named(values), own
        options = {"reset_mask": mask, "params": given}
        observations, _ = self._envs.reset(seed=seed, options=options)  # type: ignore[arg-type]  # One for each.
        self.elapsed[rows] = 0
        return _as_array(observations)[rows]

    def step(self, actions: NDArray[Any]) -> TwinStep:  # noqa: D102
        observations, rewards, terminated, truncated, infos = self._envs.step(actions)
        self.elapsed += 1
        return TwinStep(_as_array(observations), rewards, terminated, truncated & ~terminated, infos["is_success"])

    def close(self) -> None:  # noqa: D102
        self._envs.close()


@dataclass(frozen=True)
class Workplace:
    """Where a student plays.

    Args:
        env_id: Id of the environment in Blender, as ``gym.make`` takes it.
        parameters: The parameters that are randomized.
        twin: Whether it plays in the NumPy twin of the environment; ``None`` if there is one.
        num_servers: Blender processes that share the environments, where it is not a twin.
        arguments: Keyword arguments of the task, and in Blender of the environments.

    Raises:
        InvalidOption: If there is no such environment, it has no twin that is asked for, no time limit, or no
            declaration of what its returns are worth; or if nobody sees what is randomized.
    """

    env_id: str
    parameters: ParameterSpace
    twin: bool | None = None
    num_servers: int = 1
    arguments: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_switches(twin=self.twin)
        check_positive(num_servers=self.num_servers)
        spec = environment_spec(self.env_id)
        if spec.max_episode_steps is None:
            raise InvalidOption(
                f"{self.env_id} has no time limit, and a student needs one: register it with max_episode_steps."
            )
        require_scores(task_class(spec.kwargs["task"]))
        if self.is_twin:
            refuse_unseen(self.parameters, is_seen=False)
        else:
            require_seen(self.env_id, self.parameters, self.arguments)

    @property
    def is_twin(self) -> bool:
        """Whether the environments are those of a twin."""
        if self.twin is not None:
            return self.twin
        room = room_of(self.env_id)
        return room is not None and room.twin is not None

    def environments(self, count: int) -> Environments:
        """Makes so many environments; whoever has them closes them."""
        if self.is_twin:
            return TwinEnvironments(make_twin(self.env_id, count, self.parameters, **self.arguments))
        spec = environment_spec(self.env_id)
        spec.kwargs |= {"randomize": [*self.parameters], **self.arguments}
        envs: Any = gym.make_vec(
            spec,
            num_envs=count,
            num_servers=min(self.num_servers, count),
            vectorization_mode="vector_entry_point",
            autoreset_mode=AutoresetMode.NEXT_STEP,
        )
        envs.set_source(Prior(self.parameters))  # In their ranges, which observations that tell them go by.
        return VectorEnvironments(envs, self.parameters, cast("int", spec.max_episode_steps))


def require_seen(env_id: str, parameters: ParameterSpace, arguments: Mapping[str, Any]) -> None:
    """Makes sure that not all that is randomized is hidden from who plays in Blender.

    Args:
        env_id: Id of the environment, as ``gym.make`` takes it.
        parameters: The parameters that are randomized.
        arguments: What it is made with.

    Raises:
        InvalidOption: If only pictures show it, and none are observed.
    """
    settings = Settings(**{**environment_spec(env_id).kwargs, "randomize": [*parameters], **arguments})
    refuse_unseen(parameters, is_seen=bool(settings.observations.views))


def _as_array(observations: Any) -> NDArray[Any]:
    """Batches of observations (rows, …) as one array; the parts of a dict follow one another: (rows, size)."""
    if not isinstance(observations, dict):
        return np.asarray(observations)
    parts = [np.asarray(part, np.float32) for part in observations.values()]
    return np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)


def _scale(space: gym.Space[Any], declared: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """The typical size of an observation: what the task has declared, the largest of bytes, or else 1."""
    parts = space.spaces if isinstance(space, gym.spaces.Dict) else {STATE: space}
    return _joined_scale(_scale_of(part, declared.get(name)) for name, part in parts.items())


def _scale_of(space: gym.Space[Any], declared: NDArray[np.float64] | None) -> NDArray[np.float64]:
    if declared is not None and declared.shape == space.shape:
        return declared
    return np.full(space.shape or (), LARGEST_BYTE if space.dtype == np.uint8 else 1.0)


def _joined_scale(parts: Iterable[NDArray[np.float64]]) -> NDArray[np.float64]:
    first, *more = parts
    return np.concatenate([part.ravel() for part in (first, *more)]) if more else first
