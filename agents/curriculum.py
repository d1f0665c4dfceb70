"""Teachers in the training loops of stable-baselines3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv

from blendgym.agents.students.student import require_scores
from blendgym.errors import InvalidOption
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import Episodes, joined
from blendgym.parameters.sources import Taught
from blendgym.task import Task
from blendgym.teachers.teacher import Teacher


class CurriculumCallback(BaseCallback):
    """Lets a teacher choose the parameters of episodes: ``model.learn(steps, callback=CurriculumCallback(...))``.

    The teacher is told of the episodes that have ended after each rollout, and updated. What it says about itself is
    logged as ``curriculum/…``. Episodes that have begun before the teacher came are left out. stable-baselines3 learns
    from every episode, so teachers cannot hold any back (``trains=False``).

    Args:
        teacher: A teacher of as many dimensions as there are parameters.
        space: The parameters that it chooses.

    Raises:
        InvalidOption: If the numbers of dimensions differ; in ``learn``, if the task does not say what its returns are
            worth.
    """

    def __init__(self, teacher: Teacher, space: ParameterSpace) -> None:
        super().__init__()
        if teacher.dimensions != len(space):
            raise InvalidOption(f"The teacher has {teacher.dimensions} dimensions, the space {len(space)}.")
        self._teacher, self._space = teacher, space
        self._taught: VecEnv | None = None
        self._ended: list[Episodes] = []

    def _on_training_start(self) -> None:
        if self._taught is self.training_env:
            return
        self._taught = self.training_env
        self._task: Task = self._taught.get_attr("task")[0]
        require_scores(type(self._task))
        self._is_first = np.ones(self._taught.num_envs, np.bool_)
        self._taught.env_method("set_source", LearntFrom(self._space, self._teacher))

    def _on_step(self) -> bool:
        dones, infos = self.locals["dones"], self.locals["infos"]
        self._ended.append(ended_episodes(infos, dones & ~self._is_first, self._task, len(self._space)))
        self._is_first &= ~dones
        return True

    def _on_rollout_end(self) -> None:
        episodes, self._ended = joined(self._ended, len(self._space)), []
        if episodes:
            self._teacher.observe(episodes)
            self.logger.record("curriculum/success", float(episodes.successes.mean()))
        self._teacher.update()
        for name, figure in self._teacher.describe().items():
            self.logger.record(f"curriculum/{name}", figure)


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

    Args:
        infos: The info of each environment.
        dones: Whether its episode has ended.
        task: The task of all environments.
        dimensions: The number of randomized parameters.
    """
    ended = [info for info, done in zip(infos, dones, strict=True) if done and "error" not in info]
    if not ended:
        return joined([], dimensions)
    records = [info["randomization"] for info in ended]
    returns = np.array([info["episode"]["r"] for info in ended], np.float64)
    return Episodes(
        unit=np.array([record["unit"] for record in records], np.float64).reshape(len(ended), dimensions),
        tags=np.array([record["tag"] for record in records], np.int64),
        versions=np.array([record["version"] for record in records], np.int64),
        returns=returns,
        scores=task.scores(returns),
        successes=task.successes(returns),
        lengths=np.array([info["episode"]["l"] for info in ended], np.int64),
    )
