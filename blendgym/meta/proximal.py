"""Learning a teacher with stable-baselines3's PPO, on the policy that all parameters share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.vec_env import DummyVecEnv, SubprocVecEnv, VecEnv
from torch import nn

from blendgym.meta.observations import GLOBAL_FEATURES, PARAMETER_FEATURES
from blendgym.meta.policies import INPUTS, OUTPUTS, SharedPolicy

UNITS = 32
HYPERPARAMETERS: dict[str, Any] = {
    "n_steps": 64,
    "batch_size": 128,
    "n_epochs": 10,
    "gamma": 0.99,
    "gae_lambda": 0.95,
    "ent_coef": 0.0,
}
LEARNING_RATE = 1e-3
INITIAL_LOG_DEVIATION = -0.7


class SharedNetworks(nn.Module):
    """The torch form of ``SharedPolicy``, with a critic of the same make. The names are those that SB3 looks for.

    Args:
        slots: Parameters that an observation has room for.
    """

    def __init__(self, slots: int) -> None:
        super().__init__()
        self._slots = slots
        self.latent_dim_pi, self.latent_dim_vf = OUTPUTS * slots, UNITS
        self.actor = nn.Sequential(
            nn.Linear(INPUTS, UNITS), nn.Tanh(), nn.Linear(UNITS, UNITS), nn.Tanh(), nn.Linear(UNITS, OUTPUTS)
        )
        self.critic = nn.Sequential(nn.Linear(INPUTS, UNITS), nn.Tanh(), nn.Linear(UNITS, UNITS), nn.Tanh())
        with torch.no_grad():
            self.actor[-1].weight.mul_(0.1)  # type: ignore[operator]

    def forward(self, observations: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Actions (batch, 2 slots), and what the value is linear in (batch, units)."""
        return self.forward_actor(observations), self.forward_critic(observations)

    def forward_actor(self, observations: torch.Tensor) -> torch.Tensor:
        """Actions alone; 0 for parameters that are not there."""
        inputs, present = self._inputs(observations)
        return torch.flatten(self.actor(inputs) * present, start_dim=1)

    def forward_critic(self, observations: torch.Tensor) -> torch.Tensor:
        """What the value is linear in: a mean over the parameters."""
        inputs, present = self._inputs(observations)
        return _mean(self.critic(inputs), present)

    def _inputs(self, observations: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Inputs (batch, slots, ``INPUTS``), and which parameters are there (batch, slots, 1)."""
        rows = observations[:, : -len(GLOBAL_FEATURES)].reshape(-1, self._slots, len(PARAMETER_FEATURES))
        present, own = rows[..., :1], rows[..., 1:]
        shared = torch.cat([_mean(own, present), observations[:, -len(GLOBAL_FEATURES) :]], dim=1)
        return torch.cat([own, shared.unsqueeze(1).expand(-1, self._slots, -1)], dim=2), present


class SharedActorCritic(ActorCriticPolicy):
    """SB3's policy, on ``SharedNetworks``."""

    def _build_mlp_extractor(self) -> None:
        slots = self.action_space.shape[0] // OUTPUTS  # type: ignore[index]
        self.mlp_extractor = SharedNetworks(slots)  # type: ignore[assignment]

    def _build(self, lr_schedule: Callable[[float], float]) -> None:
        super()._build(lr_schedule)
        self.action_net = nn.Identity()  # The shared network has said the actions already.
        self.optimizer = self.optimizer_class(self.parameters(), lr=lr_schedule(1.0), **self.optimizer_kwargs)  # type: ignore[call-arg]


class _Returns(BaseCallback):
    """Reports the return of every meta-episode, and stops when there were enough."""

    def __init__(self, meta_episodes: int, report: Callable[[float], None]) -> None:
        super().__init__()
        self._left, self._report = meta_episodes, report

    def _on_step(self) -> bool:
        for info in self.locals["infos"]:
            if "episode" in info:
                self._report(float(info["episode"]["r"]))
                self._left -= 1
        return self._left > 0


def learn_by_ppo(
    make_env: Callable[[], gym.Env[Any, Any]],
    meta_episodes: int,
    seed: int,
    report: Callable[[float], None],
    num_envs: int = 8,
    subprocesses: bool = False,
) -> SharedPolicy:
    """Trains PPO and returns the mean of its policy.

    Args:
        make_env: Makes the meta-environment, with the action option ``"bounds"``.
        meta_episodes: For how many.
        seed: The seed of environments and algorithm.
        report: Called with the return of each, in the order in which they end.
        num_envs: Environments at once.
        subprocesses: Whether each is a process of its own.
    """
    torch.set_num_threads(1)
    makers: list[Callable[[], gym.Env[Any, Any]]] = [lambda: Monitor(make_env()) for _ in range(num_envs)]
    envs: VecEnv = SubprocVecEnv(makers) if subprocesses else DummyVecEnv(makers)
    try:
        model = PPO(
            SharedActorCritic,
            envs,
            learning_rate=lambda remaining: LEARNING_RATE * remaining,
            policy_kwargs={"ortho_init": False, "log_std_init": INITIAL_LOG_DEVIATION},
            device="cpu",
            seed=seed,
            **HYPERPARAMETERS,
        )
        budget = meta_episodes * envs.get_attr("actions_per_episode")[0]
        model.learn(budget, callback=_Returns(meta_episodes, report))
    finally:
        envs.close()
    return _policy_of(model)


def _policy_of(model: PPO) -> SharedPolicy:
    linear = [layer for layer in model.policy.mlp_extractor.actor if isinstance(layer, nn.Linear)]  # type: ignore[union-attr]
    return SharedPolicy([(_array(layer.weight), _array(layer.bias)) for layer in linear])


def _array(tensor: torch.Tensor) -> Any:
    return tensor.detach().numpy().astype(np.float64)


def _mean(values: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
    """Over the parameters that are there: (batch, features)."""
    return (values * present).sum(dim=1) / present.sum(dim=1)
