"""Learning by imitation, as an algorithm of stable-baselines3."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, Self, cast

import numpy as np
import torch
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.policies import BasePolicy
from stable_baselines3.common.type_aliases import GymEnv, MaybeCallback, Schedule
from stable_baselines3.common.utils import safe_mean
from stable_baselines3.common.vec_env import VecEnv, unwrap_vec_wrapper

from blendgym.agents.imitators import Imitator
from blendgym.agents.student_view import StudentView
from blendgym.errors import InvalidOption


class Expert(Protocol):
    """Who is imitated, such as the planner of a room. What it does is a function of what it sees."""

    def act(self, observations: NDArray[Any]) -> NDArray[Any]:
        """What it does.

        Args:
            observations: (count, …) of the environment's observation space, or of what a ``StudentView`` hides.

        Returns:
            Actions: (count, …) of its action space.
        """


class DAgger(BaseAlgorithm):
    """The expert plays the first round, the policy the next ones, and all along the expert says what it would do.

    So the policy learns what to do where its own mistakes lead it (Ross, Gordon, Bagnell, "A Reduction of Imitation
    Learning and Structured Prediction to No-Regret Online Learning", 2011). After each round it learns from all rounds.

    Args:
        policy: An ``Imitator``, or ``"MlpPolicy"`` for the plain one.
        env: To play in, with a ``Box`` of observations and one of actions. The policy sees what the expert sees, unless
            there is a ``StudentView`` around it.
        expert: Whom to imitate: a class that is made without arguments. Only models that are loaded have none.
        learning_rate: The learning rate, or a function of the share of the training that is left.
        n_steps: Of every environment in a round.
        gradient_steps: After a round.
        batch_size: Observations in each of these.
        arguments: Further ones of stable-baselines3's ``BaseAlgorithm``.

    Raises:
        InvalidOption: If actions are not those of a ``Box``.
    """

    policy_aliases: ClassVar[dict[str, type[BasePolicy]]] = {"MlpPolicy": Imitator}
    policy: Imitator

    def __init__(
        self,
        policy: str | type[Imitator],
        env: GymEnv | None,
        expert: type[Expert] | None = None,
        learning_rate: float | Schedule = 1e-3,
        n_steps: int = 100,
        gradient_steps: int = 500,
        batch_size: int = 512,
        _init_setup_model: bool = True,
        **arguments: Any,
    ) -> None:
        super().__init__(policy, env, learning_rate, support_multi_env=True, **arguments)
        self.expert, self.n_steps = expert, n_steps
        self.gradient_steps, self.batch_size = gradient_steps, batch_size
        self._seen, self._told = list[torch.Tensor](), list[torch.Tensor]()
        if _init_setup_model:
            self._setup_model()

    def learn(
        self,
        total_timesteps: int,
        callback: MaybeCallback = None,
        log_interval: int = 1,
        tb_log_name: str = "DAgger",
        reset_num_timesteps: bool = True,
        progress_bar: bool = False,
    ) -> Self:
        """Plays and learns in turns, until so many steps have been made.

        Args:
            total_timesteps: Steps, over all environments together.
            callback: Called at every step.
            log_interval: Rounds between lines in the log.
            tb_log_name: Name of the run in TensorBoard.
            reset_num_timesteps: Whether steps are counted from 0.
            progress_bar: Whether to show one.
        """
        if self.expert is None or self.env is None:
            raise InvalidOption("There is nobody to imitate, or nowhere to play; expected DAgger(policy, env, expert).")
        envs, expert = self.env, self.expert()
        total_timesteps, callback = self._setup_learn(
            total_timesteps, callback, reset_num_timesteps, tb_log_name, progress_bar
        )
        callback.on_training_start(locals(), globals())
        rounds = 0
        while self.num_timesteps < total_timesteps and self._play(envs, expert, callback):
            self._learn_from_all()
            rounds += 1
            if rounds % log_interval == 0:
                self._log()
            self._update_current_progress_remaining(self.num_timesteps, total_timesteps)
        callback.on_training_end()
        return self

    def _setup_model(self) -> None:
        if not isinstance(self.action_space, spaces.Box):
            raise InvalidOption(
                f"The action space is {self.action_space}, of which DAgger knows nothing; expected a Box."
            )
        self._setup_lr_schedule()
        self.set_random_seed(self.seed)
        made = self.policy_class(self.observation_space, self.action_space, self.lr_schedule, **self.policy_kwargs)
        self.policy = cast("Imitator", made.to(self.device))

    def _play(self, envs: VecEnv, expert: Expert, callback: BaseCallback) -> bool:
        """One round; whether the callback wants more."""
        is_first, view = not self._seen, unwrap_vec_wrapper(envs, StudentView)
        for _ in range(self.n_steps):
            seen = np.array(self._last_obs)
            told = expert.act(view.hidden if view else seen)
            self._seen.append(torch.as_tensor(seen))
            self._told.append(torch.as_tensor(told).flatten(start_dim=1))
            actions = told if is_first else self.policy.predict(seen)[0]
            self._last_obs, _, dones, infos = envs.step(actions)  # type: ignore[assignment]  # No dicts.
            self.num_timesteps += envs.num_envs
            self._update_info_buffer(infos, dones)
            callback.update_locals(locals())
            if not callback.on_step():
                return False
        return True

    def _learn_from_all(self) -> None:
        seen, told = torch.cat(self._seen), torch.cat(self._told)
        self._seen, self._told = [seen], [told]
        if not self.policy.modes.any():  # The first round is over.
            self.policy.place_modes(seen, told)
        self.policy.set_training_mode(True)
        self._update_learning_rate(self.policy.optimizer)
        losses = []
        for _ in range(self.gradient_steps):
            rows = torch.randint(len(seen), (self.batch_size,))
            loss = self.policy.loss(seen[rows], told[rows])
            self.policy.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            self.policy.optimizer.step()
            losses.append(loss.item())
        self.logger.record("train/loss", float(np.mean(losses)))

    def _log(self) -> None:
        episodes = self.ep_info_buffer or ()
        if episodes:
            self.logger.record("rollout/ep_rew_mean", safe_mean([episode["r"] for episode in episodes]))
            self.logger.record("rollout/ep_len_mean", safe_mean([episode["l"] for episode in episodes]))
        if self.ep_success_buffer:
            self.logger.record("rollout/success_rate", safe_mean(self.ep_success_buffer))
        self.logger.dump(step=self.num_timesteps)

    def _excluded_save_params(self) -> list[str]:
        return [*super()._excluded_save_params(), "_seen", "_told"]
