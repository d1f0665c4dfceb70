"""What a teacher is told of the episodes of environments of stable-baselines3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv

from blendgym.errors import InvalidOption
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import Episodes, joined
from blendgym.parameters.sources import Taught
from blendgym.task import Task
from blendgym.teachers.teacher import Teacher


class EpisodeFeedback:
    """Has a teacher choose the parameters of episodes, and collects what it is to be told of them.

    Args:
        envs: Environments of blendgym, with a monitor around them.
        teacher: Chooses, from the next episodes on.
        space: The parameters that it chooses.

    Attributes:
        count: Number of episodes since the teacher has last adapted.
    """

    def __init__(self, envs: VecEnv, teacher: Teacher, space: ParameterSpace) -> None:
        self._teacher, self._dimensions = teacher, len(space)
        self._task: Task = envs.get_attr("task")[0]
        self._is_foreign = np.ones(envs.num_envs, np.bool_)  # Episodes that have begun before the teacher came.
        self._ended: list[Episodes] = []
        self.count = 0
        envs.env_method("set_source", LearntFrom(space, teacher))

    def begin_anew(self) -> None:
        """Takes note that all environments have begun another episode."""
        self._is_foreign[:] = False

    def take_down(self, dones: NDArray[np.bool_], infos: Sequence[Mapping[str, Any]]) -> None:
        """Takes note of a step.

        Args:
            dones: Whether the episode of each environment has ended.
            infos: The info of each environment.

        Raises:
            InvalidOption: If it does not say what the parameters were.
        """
        if not dones.any():
            return
        episodes = ended_episodes(infos, dones & ~self._is_foreign, self._task, self._dimensions)
        self._is_foreign &= ~dones
        if episodes:
            self._ended.append(episodes)
            self.count += len(episodes.lengths)

    def forget(self) -> None:
        """Leaves out all episodes that have begun so far, as when their tasks were those of another teacher."""
        self._is_foreign[:], self._ended, self.count = True, [], 0

    def tell(self) -> Episodes:
        """Tells the teacher of the episodes that it has not been told of, and returns them."""
        episodes, self._ended = joined(self._ended, self._dimensions), []
        if episodes:
            self._teacher.observe(episodes)
        return episodes

    def teach(self) -> Episodes:
        """Tells the teacher, lets it adapt, and returns what it was told."""
        episodes = self.tell()
        self._teacher.update()
        self.count = 0
        return episodes


class LearntFrom(Taught):
    """Draws what a teacher samples, and makes sure that the student may learn from it."""

    def draw(self, episode_seed: int, environment_seed: int) -> Any:
        """One task.

        Raises:
            InvalidOption: If the student may not learn from it.
        """
        tasks = super().draw(episode_seed, environment_seed)
        if not tasks.trains.all():
            raise InvalidOption(
                f"{type(self.teacher).__name__} has sampled a task that does not train, but stable-baselines3 learns "
                'from every episode. Use a teacher whose tasks all train, or the student "ppo".'
            )
        return tasks


def ended_episodes(
    infos: Sequence[Mapping[str, Any]], dones: Sequence[bool] | np.ndarray[Any, Any], task: Task, dimensions: int
) -> Episodes:
    """The episodes that a step of monitored environments has ended; not those that a failure of a server has cut off.

    Scores are 0 where the task does not say what they are, and nothing is a success.

    Args:
        infos: The info of each environment.
        dones: Whether its episode has ended.
        task: The task of all environments.
        dimensions: The number of randomized parameters.

    Raises:
        InvalidOption: If infos do not say what the parameters or the returns were.
    """
    ended = [info for info, done in zip(infos, dones, strict=True) if done and "error" not in info]
    if not ended:
        return joined([], dimensions)
    if any("randomization" not in info for info in ended):
        raise InvalidOption('A teacher has to know the parameters of episodes; make environments without "hidden".')
    if any("episode" not in info for info in ended):
        raise InvalidOption("A teacher has to know the returns of episodes; put a VecMonitor around the environments.")
    records = [info["randomization"] for info in ended]
    returns = np.array([info["episode"]["r"] for info in ended], np.float64)
    return Episodes(
        unit=np.array([record["unit"] for record in records], np.float64).reshape(len(ended), dimensions),
        tags=np.array([record["tag"] for record in records], np.int64),
        versions=np.array([record["version"] for record in records], np.int64),
        returns=returns,
        scores=task.scores(returns) if hasattr(task, "return_range") else np.zeros(len(ended)),
        successes=task.successes(returns) if hasattr(task, "success_return") else np.zeros(len(ended), np.bool_),
        lengths=np.array([info["episode"]["l"] for info in ended], np.int64),
    )
