"""What learns to act as an expert does."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from gymnasium import spaces
from stable_baselines3.common.policies import BasePolicy
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor, FlattenExtractor, create_mlp
from stable_baselines3.common.type_aliases import Schedule
from torch.nn.functional import cross_entropy, l1_loss

FITS = 20
"""How often modes are moved to the middle of their actions."""
SAMPLE = 8_192
"""Most actions by which modes are placed."""


class Imitator(BasePolicy):
    """One action for an observation: the most probable of some modes, and how far to go from that.

    An expert goes left or right around an obstacle. A network that says a mean of what it was told goes into it, or
    stops; one that first chooses a mode does neither (Shafiullah et al., "Behavior Transformers: Cloning k modes with
    one stone", 2022). Modes are the clusters of the expert's actions.

    Args:
        observation_space: Of the environment.
        action_space: Of the environment.
        lr_schedule: The learning rate, as a function of the share of the training that is left.
        modes: How many.
        net_arch: Widths of the layers between features and actions.
        weight_of_offsets: How much an error of the way from the mode, of 1, weighs in the loss beside the cross-entropy
            of the modes.
        features_extractor_class: What the network sees of an observation.
        features_extractor_kwargs: Further arguments of that.
    """

    modes: torch.Tensor

    def __init__(
        self,
        observation_space: spaces.Space[Any],
        action_space: spaces.Box,
        lr_schedule: Schedule,
        modes: int = 32,
        net_arch: tuple[int, ...] = (256, 256),
        weight_of_offsets: float = 10.0,
        features_extractor_class: type[BaseFeaturesExtractor] = FlattenExtractor,
        features_extractor_kwargs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(
            observation_space,
            action_space,
            features_extractor_class=features_extractor_class,
            features_extractor_kwargs=features_extractor_kwargs,
        )
        size = int(np.prod(action_space.shape))
        self.features_extractor = self.make_features_extractor()
        features = self.features_extractor.features_dim
        self.network = torch.nn.Sequential(*create_mlp(features, modes * (1 + size), list(net_arch)))
        self.register_buffer("modes", torch.zeros(modes, size))
        self.optimizer = torch.optim.Adam(self.parameters(), lr=lr_schedule(1.0))
        self._weight_of_offsets = weight_of_offsets

    def to_own_frame(self, observations: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:  # noqa: ARG002
        """Actions (batch, size) as the network says them; a subclass may know a frame in which they are simpler."""
        return actions

    def from_own_frame(self, observations: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:  # noqa: ARG002
        """The inverse of ``to_own_frame``."""
        return actions

    def place_modes(self, observations: torch.Tensor, actions: torch.Tensor) -> None:
        """Finds clusters in actions (count, size) of an expert: k-means."""
        own = self.to_own_frame(observations, actions)
        own = own[torch.randperm(len(own))[:SAMPLE]]
        modes = own[torch.randint(len(own), (len(self.modes),))]
        for _ in range(FITS):
            nearest = torch.cdist(own, modes).argmin(dim=1)
            members = torch.nn.functional.one_hot(nearest, len(modes)).to(own.dtype)
            counts = members.sum(dim=0)[:, None]
            modes = torch.where(counts > 0, members.T @ own / counts.clamp(min=1.0), modes)
        self.modes.copy_(modes)

    def loss(self, observations: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        """How far the policy is from choosing actions (batch, size): a scalar."""
        own = self.to_own_frame(observations, actions)
        chosen = torch.cdist(own, self.modes).argmin(dim=1)
        scores, offsets = self._scores_and_offsets(observations)
        said = self.modes[chosen] + offsets[torch.arange(len(chosen)), chosen]
        return cross_entropy(scores, chosen) + self._weight_of_offsets * l1_loss(said, own)

    def forward(self, observations: torch.Tensor) -> torch.Tensor:
        """Actions (batch, size) for observations (batch, …)."""
        scores, offsets = self._scores_and_offsets(observations)
        chosen = scores.argmax(dim=1)
        return self.from_own_frame(observations, self.modes[chosen] + offsets[torch.arange(len(chosen)), chosen])

    def _predict(self, observation: Any, deterministic: bool = False) -> torch.Tensor:  # noqa: ARG002
        return self(observation)  # type: ignore[no-any-return]

    def _scores_and_offsets(self, observations: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(batch, modes) logits, and (batch, modes, size) ways from the modes."""
        modes, size = self.modes.shape
        said = self.network(self.extract_features(observations, self.features_extractor))
        return said[:, :modes], said[:, modes:].reshape(-1, modes, size)
