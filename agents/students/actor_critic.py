"""The networks of proximal policy optimization."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.distributions import Categorical, Independent, Normal

HIDDEN = 64
LOWEST_LOG_DEVIATION = -3.0


class ActorCritic(nn.Module):
    """A policy and a value function: two networks with two layers of 64 tanh units each.

    They begin orthogonal, the policy near zero: Andrychowicz et al., "What Matters in On-Policy Reinforcement
    Learning?" (2021), section 3.2.

    Args:
        actor_size: Inputs of the policy.
        critic_size: Inputs of the value function.
        outputs: How many numbers the policy puts out: one for each choice, or the mean of each element of an action.
        is_discrete: Whether actions are choices.
        seed: The seed of the initial weights.
    """

    def __init__(self, actor_size: int, critic_size: int, outputs: int, is_discrete: bool, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.is_discrete = is_discrete
        self.actor = _network(actor_size, outputs, 0.01, generator)
        self.critic = _network(critic_size, 1, 1.0, generator)
        self.log_deviation = nn.Parameter(torch.zeros(0 if is_discrete else outputs))

    def distribution(self, inputs: torch.Tensor) -> torch.distributions.Distribution:
        """Of actions, for inputs (rows, actor_size): of choices, or of elements from -1 to 1, which may lie beyond."""
        outputs = self.actor(inputs)
        if self.is_discrete:
            return Categorical(logits=outputs, validate_args=False)
        deviation = self.log_deviation.clamp(min=LOWEST_LOG_DEVIATION).exp().expand_as(outputs)
        return Independent(Normal(outputs, deviation, validate_args=False), 1, validate_args=False)

    def values(self, inputs: torch.Tensor) -> torch.Tensor:
        """Of states with inputs (rows, critic_size): (rows,)."""
        values: torch.Tensor = self.critic(inputs).squeeze(1)
        return values

    def noise(self, shape: tuple[int, int], generator: np.random.Generator) -> NDArray[Any]:
        """What ``drawn`` needs for outputs of a shape (rows, outputs)."""
        return generator.gumbel(size=shape) if self.is_discrete else generator.standard_normal(shape, np.float32)

    def drawn(self, outputs: NDArray[np.float32], noise: NDArray[Any]) -> NDArray[Any]:
        """Actions drawn from the distributions that outputs (rows, outputs) of the policy stand for.

        Args:
            outputs: What the policy puts out: float32 (rows, outputs).
            noise: What ``noise`` gave, of the same shape.

        Returns:
            Choices as int64 (rows,), or elements as float32 (rows, outputs).
        """
        if self.is_discrete:
            # The largest of logits plus Gumbel noise is distributed as the softmax: Gumbel (1954).
            return np.asarray((outputs + noise).argmax(axis=1))
        deviation = np.exp(np.maximum(self.log_deviation.detach().numpy(), LOWEST_LOG_DEVIATION))
        return np.asarray(outputs + deviation * noise)


def _network(inputs: int, outputs: int, last_gain: float, generator: torch.Generator) -> nn.Sequential:
    root = math.sqrt(2.0)
    return nn.Sequential(
        _layer(inputs, HIDDEN, root, generator),
        nn.Tanh(),
        _layer(HIDDEN, HIDDEN, root, generator),
        nn.Tanh(),
        _layer(HIDDEN, outputs, last_gain, generator),
    )


def _layer(inputs: int, outputs: int, gain: float, generator: torch.Generator) -> nn.Linear:
    # Linear's own initialization would draw from torch's global generator.
    layer: nn.Linear = nn.utils.skip_init(nn.Linear, inputs, outputs)  # type: ignore[no-untyped-call]
    nn.init.orthogonal_(layer.weight, gain, generator=generator)
    nn.init.zeros_(layer.bias)
    return layer
