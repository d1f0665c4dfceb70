"""Learning a teacher by an evolution strategy."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.files import write_whole
from blendgym.meta.files import read_again
from blendgym.meta.learner_settings import LearnerSettings, Returns
from blendgym.meta.policies import AcquisitionPolicy, Policy, SharedPolicy, policy_class
from blendgym.meta.pool import Play, Pool
from blendgym.teachers.plain_states import packed, unpacked

PAIRS = 8

DEVIATIONS = {SharedPolicy.action: 0.1, AcquisitionPolicy.action: 0.3}
"""Of perturbed weights; few weights need more to make a difference."""

SEARCH = "search.json"
"""Where a search that is under way is kept."""

Vector = NDArray[np.float64]
Judge = Callable[[Vector, int], Vector]


class Search:
    """Climbs the mean fitness of perturbed weights (Salimans et al., 2017, arXiv 1703.03864, algorithm 1).

    With mirrored perturbations and fitnesses replaced by centred ranks (section 2.1 there), each ``step`` scaled by
    ``deviation``. All members of a generation are judged with the same seed (common random numbers).

    Args:
        weights: How many; they begin at 0.
        seed: The seed of perturbations, and of the seeds that members are judged with.
        pairs: Mirrored perturbations in each generation.
        deviation: Standard deviation of perturbations.
        step: Length of an update along the estimated direction, as a share of the perturbations' typical length.

    Attributes:
        mean: The weights so far: float64 (weights,).
        generations: Number of updates so far.
    """

    def __init__(
        self, weights: int, seed: int, *, pairs: int = PAIRS, deviation: float = 0.1, step: float = 0.3
    ) -> None:
        self.mean, self.generations = np.zeros(weights), 0
        self._pairs, self._deviation, self._step = pairs, deviation, step
        self._generator = np.random.default_rng(seed)

    def advance(self, judge: Judge) -> None:
        """One generation.

        Args:
            judge: Makes fitnesses (population,) of weights (population, weights) and a seed.
        """
        half = self._generator.standard_normal((self._pairs, len(self.mean)))
        noise = np.concatenate([half, -half])
        seed = int(self._generator.integers(2**31))
        gradient = centred_ranks(judge(self.mean + self._deviation * noise, seed)) @ noise
        length = self._step * self._deviation * np.sqrt(len(self.mean))
        self.mean = self.mean + length * gradient / max(float(np.linalg.norm(gradient)), 1e-12)
        self.generations += 1

    def state_dict(self) -> dict[str, Any]:
        """All that changes."""
        return {
            "mean": self.mean.copy(),
            "generations": self.generations,
            "generator": self._generator.bit_generator.state,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes back what ``state_dict`` gave."""
        self.mean, self.generations = np.array(state["mean"]).reshape(self.mean.shape), state["generations"]
        self._generator.bit_generator.state = state["generator"]


def learn_by_evolution(settings: LearnerSettings, returns: Returns) -> Policy:
    """Evolves a linear policy, on as many processes as there may be, which does not change the result.

    After each generation it is kept; another call with the same settings goes on from there, to the same policy.

    Args:
        settings: What is to be learned, for as many meta-episodes, rounded up to whole generations.
        returns: What takes the return of each.
    """
    kind, file = policy_class(settings.arguments["action"]), settings.folder / SEARCH
    search = Search(kind.size(), settings.seed, deviation=DEVIATIONS[kind.action])
    if file.exists():
        with read_again(file):
            state = unpacked(json.loads(file.read_bytes()))
            search.load_state_dict(state["search"])
            gains = [float(gain) for gain in state["gains"]]
        returns.take_back(gains)
    with Pool(settings.arguments, settings.processes) as pool:

        def judge(candidates: Vector, seed: int) -> Vector:
            fitnesses = np.empty(len(candidates))
            plays = [Play(kind.linear(each), seed) for each in candidates]
            for member, gain in enumerate(pool.gains(plays)):
                fitnesses[member] = gain
                returns.note(gain)
            return fitnesses

        while search.generations * 2 * PAIRS < settings.meta_episodes:
            search.advance(judge)
            write_whole(file, json.dumps(packed({"search": search.state_dict(), "gains": returns.gains})).encode())
    return kind.linear(search.mean)


def centred_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks, spread evenly from -1/2 for the lowest to 1/2 for the highest; equals share theirs."""
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts + 1) / 2
    return np.asarray(ranks[group] / (len(values) - 1) - 0.5)
