"""The formulas of proximal policy optimization."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def generalized_advantages(
    rewards: Floats, values: Floats, ended: NDArray[np.bool_], discount: float, trace: float
) -> Floats:
    """Advantages: Schulman et al., "High-Dimensional Continuous Control Using Generalized Advantage Estimation" (2016),
    equation 16.

    Nothing is seen beyond the end of an episode. There is one convention for truncation: what the episode would have
    gone on to give is part of its last reward, see ``bootstrapped``.

    Args:
        rewards: The reward of each step: float32 (steps, environments).
        values: The values of the states before each step, and after the last: float32 (steps + 1, environments).
        ended: Whether the episode ended with the step: bool (steps, environments).
        discount: γ.
        trace: λ.

    Returns:
        float32 (steps, environments).
    """  # noqa: D205 (the title of a paper)
    goes_on = discount * ~ended
    errors = rewards + goes_on * values[1:] - values[:-1]
    advantages = np.zeros_like(rewards)
    following = np.zeros_like(rewards[0])
    for step in range(len(rewards) - 1, -1, -1):
        following = errors[step] + trace * goes_on[step] * following
        advantages[step] = following
    return advantages


def bootstrapped(rewards: Floats, truncated: NDArray[np.bool_], last_values: Floats, discount: float) -> Floats:
    """Rewards with the discounted value of the last state where a time limit, not the task, has ended the episode.

    Pardo et al., "Time Limits in Reinforcement Learning" (2018), equation 6.

    Args:
        rewards: float32 (environments,).
        truncated: bool (environments,).
        last_values: The values of the last states of truncated episodes: float32 (environments,); others do not matter.
        discount: γ.
    """
    return np.asarray(np.where(truncated, rewards + discount * last_values, rewards), np.float32)


def clipped_objective(ratios: torch.Tensor, advantages: torch.Tensor, clip: float) -> torch.Tensor:
    """What is maximized: Schulman et al., "Proximal Policy Optimization Algorithms" (2017), equation 7.

    Args:
        ratios: The probabilities of actions now, divided by those when they were taken: (samples,).
        advantages: The advantages of the actions: (samples,).
        clip: ε.

    Returns:
        Its mean: ().
    """
    return torch.minimum(ratios * advantages, ratios.clamp(1.0 - clip, 1.0 + clip) * advantages).mean()
