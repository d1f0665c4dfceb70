"""Actors that do not see what only critics may see."""

from __future__ import annotations

from typing import Any, cast

import torch
from stable_baselines3.common.policies import MultiInputActorCriticPolicy
from stable_baselines3.common.torch_layers import CombinedExtractor
from stable_baselines3.common.type_aliases import TensorDict

from blendgym.client.randomizer import IN_OBSERVATION

PRIVILEGED = IN_OBSERVATION["critic"]


class PrivilegedExtractor(CombinedExtractor):
    """Stable-baselines3's extractor of dict observations, which may be blind to the privileged part.

    Attributes:
        sees_privileged: Whether it is not.
    """

    sees_privileged = True

    def forward(self, observations: TensorDict) -> torch.Tensor:
        """The features of a batch of observations."""
        if not self.sees_privileged:
            observations = {**observations, PRIVILEGED: torch.zeros_like(observations[PRIVILEGED])}
        return super().forward(observations)


class AsymmetricPolicy(MultiInputActorCriticPolicy):
    """For environments made with ``expose="critic"``, whose parameters the critic sees and the actor does not.

    ``PPO(AsymmetricPolicy, envs)``; see Pinto et al., "Asymmetric Actor Critic for Image-Based Robot Learning", 2018.

    Args:
        arguments: The positional arguments of ``MultiInputActorCriticPolicy``.
        options: Its keyword arguments, but for the features extractor.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options |= {"features_extractor_class": PrivilegedExtractor, "share_features_extractor": False}
        super().__init__(*arguments, **options)
        cast("PrivilegedExtractor", self.pi_features_extractor).sees_privileged = False
