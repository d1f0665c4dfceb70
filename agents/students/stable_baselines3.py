"""Algorithms of stable-baselines3 on Blender servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import gymnasium as gym
import numpy as np
import torch
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray
from stable_baselines3 import PPO, SAC
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecFrameStack

from blendgym.agents.episode_feedback import LearntFrom, ended_episodes
from blendgym.agents.frames import LastFrames
from blendgym.agents.students.environments import require_seen
from blendgym.agents.students.student import Student
from blendgym.agents.torch_modes import learning
from blendgym.agents.vec_env import make_vec_env
from blendgym.checks import check_choice, check_positive
from blendgym.errors import StudentDiverged
from blendgym.parameters import ParameterSpace
from blendgym.parameters.draws import keyed_generator
from blendgym.parameters.episodes import Episodes, check_unit, joined, plain_tasks
from blendgym.parameters.sources import Sampler
from blendgym.task import Task
from blendgym.vector.vector_env import BlendVectorEnv

ALGORITHMS: dict[str, type[BaseAlgorithm]] = {"ppo": PPO, "sac": SAC}

IDLE = -1


class StableBaselines(Student):
    """PPO or SAC of stable-baselines3, in Blender.

    Episodes go on from one call of ``train`` to the next. SAC's replay buffer mixes the tasks of all times. Evaluation
    has environments of its own. A state has networks and optimizers, but neither the episodes under way, nor a replay
    buffer, nor the global generators that stable-baselines3 draws from: training resumes, but not identically.

    Args:
        env_id: Id of the environment, as ``gym.make`` takes it.
        parameters: The parameters that are randomized.
        seed: The seed of everything that is random about it.
        algorithm: ``"ppo"`` or ``"sac"``.
        budget: Charged steps after which the learning rate is 0.
        learning_rate: The learning rate at the beginning; it falls linearly, with each call of ``train``.
        num_envs: Environments to train in, and as many to evaluate in.
        num_servers: Blender processes that share those to train in; as many are for evaluation.
        policy: The policy class by which stable-baselines3 knows it.
        frames: How many observations are seen at once, the latest last; 0 leaves them as they are.
        hyperparameters: Further arguments of the algorithm.
        env_arguments: What the environments are made with.

    Raises:
        InvalidOption: If there is no such algorithm, a count is no positive integer, or nobody sees what is randomized.
    """

    def __init__(
        self, env_id: str, parameters: ParameterSpace, seed: int, *, algorithm: str = "ppo", budget: int = 100_000,
        learning_rate: float = 1e-3, num_envs: int = 8, num_servers: int = 1, policy: str = "MlpPolicy",
        frames: int = 0, hyperparameters: Mapping[str, Any] | None = None, **env_arguments: Any,
    ) -> None:  # fmt: skip
        super().__init__(seed)
        check_choice("algorithm", algorithm, ALGORITHMS)
        check_positive(budget=budget, num_envs=num_envs, num_servers=num_servers)
        require_seen(env_id, parameters, env_arguments)
        self._env_id, self._parameters, self._env_arguments = env_id, parameters, env_arguments
        self._num_servers, self._frames = num_servers, frames
        envs = make_vec_env(env_id, num_envs, seed, env_kwargs=env_arguments, num_servers=num_servers)
        self._envs = VecFrameStack(envs, frames) if frames else envs
        self._task: Task = self._envs.get_attr("task")[0]
        self._evaluated: BlendVectorEnv | None = None
        self._model = ALGORITHMS[algorithm](
            policy,
            self._envs,
            learning_rate=lambda _: learning_rate * max(0.0, 1.0 - self.charged_steps / budget),
            device="cpu",
            seed=seed,
            **(hyperparameters or {}),
        )

    def train(self, source: Sampler, steps: int) -> Episodes:
        """Stops at the end of the rollout in which they are reached."""
        self._envs.env_method("set_source", LearntFrom(self._parameters, source))
        collector = _Collector(self._task, len(self._parameters))
        try:
            with learning():
                self._model.learn(steps, callback=collector, reset_num_timesteps=False)
        except ValueError as error:  # What torch's distributions have to say about NaN.
            self._require_finite(error)
            raise
        self._require_finite()
        self.charged_steps = self._model.num_timesteps
        return joined(collector.ended, len(self._parameters))

    def evaluate(self, unit: NDArray[np.float64], seed: int) -> Episodes:
        """Plays with the most probable actions; an environment that is through takes the next task that waits."""
        check_unit(unit, (len(unit), len(self._parameters)))
        self._require_finite()
        seeds = keyed_generator(seed, "evaluation").integers(2**31, size=len(unit)).tolist()
        with learning():
            returns, lengths = self._play(self._parameters.from_unit(unit), seeds)
        tasks, task, versions = plain_tasks(unit), self._task, np.zeros(len(unit), np.int64)
        return Episodes(unit, tasks.tags, versions, returns, task.scores(returns), task.successes(returns), lengths)

    def state_dict(self) -> dict[str, Any]:
        """Networks, optimizers and charged steps."""
        parameters = self._model.get_parameters()
        return {"charged_steps": self.charged_steps, "parameters": _as_arrays(parameters)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes them back; the episodes under way go on."""
        self.charged_steps = self._model.num_timesteps = state["charged_steps"]
        self._model.set_parameters(_as_tensors(state["parameters"]), device="cpu")

    def close(self) -> None:
        """Ends all servers."""
        self._envs.close()
        if self._evaluated is not None:
            self._evaluated.close()

    def _play(self, values: NDArray[np.float64], seeds: list[int]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Returns and lengths of one episode with each of some parameters."""
        envs, named = self._evaluation_envs(), [self._parameters.named(row) for row in values]
        seen = LastFrames(self._frames)
        waiting, returns, lengths = iter(range(len(seeds))), np.zeros(len(seeds)), np.zeros(len(seeds), np.int64)
        playing = np.zeros(envs.num_envs, np.int64)  # Which task; IDLE where there is none.
        over = np.ones(envs.num_envs, np.bool_)
        while True:
            playing[over] = [next(waiting, IDLE) for _ in range(over.sum())]
            busy = playing != IDLE
            if not busy.any():
                return returns, lengths
            if over.any():
                # Who is idle plays the first task again and again, and nobody looks.
                tasks = np.where(busy, playing, 0)
                options = {"reset_mask": over, "params": [named[task] for task in tasks]}
                observations, _ = envs.reset(seed=[seeds[task] for task in tasks], options=options)
                seen.begin(over, observations)
            actions, _ = self._model.predict(seen.observations, deterministic=True)
            observations, rewards, terminated, truncated, _ = envs.step(actions)
            seen.push(observations)
            returns[playing[busy]] += rewards[busy]
            lengths[playing[busy]] += 1
            over = terminated | truncated

    def _evaluation_envs(self) -> BlendVectorEnv:
        if self._evaluated is None:
            made = gym.make_vec(
                self._env_id, num_envs=self._envs.num_envs, vectorization_mode="vector_entry_point",
                num_servers=self._num_servers, autoreset_mode=AutoresetMode.DISABLED, **self._env_arguments,
            )  # fmt: skip
            self._evaluated = cast("BlendVectorEnv", made)
        return self._evaluated

    def _require_finite(self, cause: Exception | None = None) -> None:
        if not all(parameter.isfinite().all() for parameter in self._model.policy.parameters()):
            raise StudentDiverged(
                "Training has led to weights that are not finite; begin again with a lower rate."
            ) from cause


class _Collector(BaseCallback):
    """Collects the episodes that end."""

    def __init__(self, task: Task, dimensions: int) -> None:
        super().__init__()
        self._task, self._dimensions = task, dimensions
        self.ended: list[Episodes] = []

    def _on_step(self) -> bool:
        self.ended.append(ended_episodes(self.locals["infos"], self.locals["dones"], self._task, self._dimensions))
        return True


def _as_arrays(tree: Any) -> Any:
    """Tensors as arrays; the keys of all dicts as strings."""
    if isinstance(tree, torch.Tensor):
        return tree.detach().numpy().copy()
    if isinstance(tree, dict):
        return {str(key): _as_arrays(value) for key, value in tree.items()}
    return [_as_arrays(value) for value in tree] if isinstance(tree, list | tuple) else tree


def _as_tensors(tree: Any) -> Any:
    """The reverse; keys that are numbers are those of an optimizer's parameters."""
    if isinstance(tree, np.ndarray):
        return torch.tensor(tree)
    if isinstance(tree, dict):
        return {int(key) if key.isdecimal() else key: _as_tensors(value) for key, value in tree.items()}
    return [_as_tensors(value) for value in tree] if isinstance(tree, list) else tree
