"""Learning a teacher by an evolution strategy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from blendgym.meta.playing import play
from blendgym.meta.policies import WEIGHTS, SharedPolicy

PAIRS = 8

Fitness = Callable[[NDArray[np.float64], int], float]


class Generation(NamedTuple):
    """One update of the search.

    Args:
        mean: The weights after it, float64 (weights,).
        fitnesses: The fitnesses of its perturbed weights: float64 (population,).
    """

    mean: NDArray[np.float64]
    fitnesses: NDArray[np.float64]


def evolve(
    fitness: Fitness,
    weights: int,
    generations: int,
    generator: np.random.Generator,
    *,
    pairs: int = PAIRS,
    deviation: float = 0.1,
    step: float = 0.3,
) -> Iterator[Generation]:
    """Climbs the mean fitness of perturbed weights (Salimans et al., 2017, arXiv 1703.03864, algorithm 1).

    With mirrored perturbations and fitnesses replaced by centred ranks (section 2.1 there), each ``step`` scaled by
    ``deviation``. All members of a generation are judged with the same seed (common random numbers).

    Args:
        fitness: What gives the fitness of weights for a seed.
        weights: How many; they begin at 0.
        generations: How many generations there are.
        generator: What all random numbers are drawn from.
        pairs: Mirrored perturbations in each generation.
        deviation: Standard deviation of perturbations.
        step: Length of an update along the estimated direction, as a share of the perturbations' typical length.

    Yields:
        Every generation.
    """
    mean = np.zeros(weights)
    for _ in range(generations):
        half = generator.standard_normal((pairs, weights))
        noise = np.concatenate([half, -half])
        seed = int(generator.integers(2**31))
        fitnesses = np.array([fitness(mean + deviation * each, seed) for each in noise])
        gradient = centred_ranks(fitnesses) @ noise
        mean = mean + step * deviation * np.sqrt(weights) * gradient / max(float(np.linalg.norm(gradient)), 1e-12)
        yield Generation(mean, fitnesses)


def learn_by_evolution(
    make_env: Callable[[], gym.Env[Any, Any]], meta_episodes: int, seed: int, report: Callable[[float], None]
) -> SharedPolicy:
    """Evolves a linear policy that all parameters share.

    Args:
        make_env: Makes the meta-environment, with the action option ``"bounds"``.
        meta_episodes: For how many, rounded up to whole generations.
        seed: The seed of environments and search.
        report: Called with the return of each.
    """
    env = make_env()

    def fitness(vector: NDArray[np.float64], episode_seed: int) -> float:
        gain = play(env, SharedPolicy.linear(vector), episode_seed)
        report(gain)
        return gain

    generations = -(-meta_episodes // (2 * PAIRS))
    mean = np.zeros(WEIGHTS)
    for generation in evolve(fitness, WEIGHTS, generations, np.random.default_rng(seed)):
        mean = generation.mean
    env.close()
    return SharedPolicy.linear(mean)


def centred_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks, spread evenly from -1/2 for the lowest to 1/2 for the highest; equals share theirs."""
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts + 1) / 2
    return np.asarray(ranks[group] / (len(values) - 1) - 0.5)
