"""Learning a teacher with stable-baselines3's PPO."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.vec_env import DummyVecEnv, SubprocVecEnv, VecEnv
from torch import nn

from blendgym.files import atomically_written
from blendgym.meta.files import read_again
from blendgym.meta.learner_settings import EnvMaker, LearnerSettings, Returns
from blendgym.meta.observations import GLOBAL_FEATURES, PARAMETER_FEATURES
from blendgym.meta.policies import AcquisitionPolicy, Layers, Policy, SharedPolicy

UNITS = 32
NUM_ENVS = 8
INPUTS, OUTPUTS = SharedPolicy.inputs, SharedPolicy.outputs
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

LEARNER = "learner.zip"
"""Where a learner that is under way is kept."""


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
            nn.Linear(INPUTS, UNITS),
            nn.Tanh(),
            nn.Linear(UNITS, UNITS),
            nn.Tanh(),
            nn.Linear(UNITS, OUTPUTS),
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
        """Inputs (batch, slots, inputs), and which parameters are there (batch, slots, 1)."""
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


class _Keeper(BaseCallback):
    """Reports the return of every meta-episode, stops when there were enough, and keeps the learner meanwhile."""

    def __init__(self, meta_episodes: int, returns: Returns, file: Path) -> None:
        super().__init__()
        self._meta_episodes, self._returns, self._file = meta_episodes, returns, file

    def _on_step(self) -> bool:
        for info in self.locals["infos"]:
            if "episode" in info:
                self._returns.note(float(info["episode"]["r"]))
        return len(self._returns.gains) < self._meta_episodes

    def _on_rollout_start(self) -> None:
        self.model.gains = list(self._returns.gains)  # type: ignore[attr-defined]  # goes into the file, too
        with atomically_written(self._file) as part:
            self.model.save(part)


def learn_by_ppo(settings: LearnerSettings, returns: Returns) -> Policy:
    """Trains PPO and returns the mean of its policy.

    It is kept after each of its updates, from where another call with the same settings goes on; the meta-episodes that
    were under way begin anew.

    Args:
        settings: What is to be learned. With more than one process, each environment is one of its own.
        returns: What takes the return of each meta-episode, in the order in which they end.
    """
    torch.set_num_threads(1)
    file, make_env = settings.folder / LEARNER, settings.make_env
    makers: list[EnvMaker] = [lambda: Monitor(make_env()) for _ in range(NUM_ENVS)]
    envs: VecEnv = SubprocVecEnv(makers) if settings.processes > 1 else DummyVecEnv(makers)
    try:
        if file.exists():
            with read_again(file):
                model = PPO.load(file, envs, device="cpu")
                gains = [float(gain) for gain in model.gains]  # type: ignore[attr-defined]
            returns.take_back(gains)
        else:
            model = _learner(settings, envs)
        budget = settings.meta_episodes * envs.get_attr("actions_per_episode")[0]
        if len(returns.gains) < settings.meta_episodes:
            model.learn(
                max(1, budget - model.num_timesteps),
                callback=_Keeper(settings.meta_episodes, returns, file),
                reset_num_timesteps=False,
            )
    finally:
        envs.close()
    return _policy_of(model, settings.arguments["action"])


def _learner(settings: LearnerSettings, envs: VecEnv) -> PPO:
    """One that has learned nothing yet."""
    of_bounds = settings.arguments["action"] == SharedPolicy.action
    architecture = {"ortho_init": False} if of_bounds else {"net_arch": [UNITS, UNITS]}
    return PPO(
        SharedActorCritic if of_bounds else "MlpPolicy",
        envs,
        learning_rate=lambda remaining: LEARNING_RATE * remaining,
        policy_kwargs=architecture | {"log_std_init": INITIAL_LOG_DEVIATION},
        device="cpu",
        seed=settings.seed,
        **HYPERPARAMETERS,
    )


def _policy_of(model: PPO, action: str) -> Policy:
    extractor: Any = model.policy.mlp_extractor
    if action == SharedPolicy.action:
        return SharedPolicy(_layers(extractor.actor))
    return AcquisitionPolicy(_layers([*extractor.policy_net, model.policy.action_net]))


def _layers(modules: Iterable[nn.Module]) -> Layers:
    return [(_array(each.weight), _array(each.bias)) for each in modules if isinstance(each, nn.Linear)]


def _array(tensor: torch.Tensor) -> Any:
    return tensor.detach().numpy().astype(np.float64)


def _mean(values: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
    """Over the parameters that are there: (batch, features)."""
    return (values * present).sum(dim=1) / present.sum(dim=1)
