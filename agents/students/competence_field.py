"""A student that consists of equations alone: competence over the cube, which grows where it is practised."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.agents.students.student import Student
from blendgym.errors import InvalidOption
from blendgym.parameters import ParameterSpace
from blendgym.parameters.draws import keyed_generator
from blendgym.parameters.episodes import PLAIN, Episodes, check_unit, joined
from blendgym.parameters.sources import Sampler, sampled

EPISODE_STEPS = 200
EPISODES_PER_UPDATE = 32
CENTRES = 256
WIDTH = 0.15
"""Of the kernel, for one dimension; distances grow with the square root of their number, and so does the width."""

TEMPERATURE = 0.12
HARDNESS = 1.5
LEARNING_RATE = 0.015
FORGETTING = 0.003
UNLEARNABLE_RADIUS = 0.2
"""Likewise for one dimension."""

WAVES = 16


class CompetenceField(Student):
    """Succeeds in a task with a probability that depends on the place of the task and on what was practised near it.

    Skill lives on random centres and is interpolated by a Gaussian kernel. The competence at a place is a logistic
    function of skill minus difficulty, and difficulty grows with the distance from the nominal values, faster along
    some dimensions than along others. An episode raises the skill around it in proportion to p(1-p), so tasks that are
    trivial or hopeless teach nothing; where nothing is practised, skill decays. It knows of no environment: for tests
    of teachers, and for their training. Its precedent is the toy hyper-cube of Portelas et al., "Teacher algorithms
    for curriculum learning of Deep RL in continuously parameterized environments" (2019), section 4.1.

    Scores and returns are the competence itself, successes are drawn from it.

    Args:
        parameters: The parameters that are randomized.
        seed: The seed of the field, and of all successes.
        unlearnable: How many balls there are in the cube inside of which every episode fails.
        ruggedness: Standard deviation of random waves on the difficulty, which without them is 0 at the nominal values
            and 1.5 at the farthest.

    Raises:
        InvalidOption: If nothing is randomized, or one of the numbers is negative.
    """

    def __init__(self, parameters: ParameterSpace, seed: int, *, unlearnable: int = 0, ruggedness: float = 0.0) -> None:
        super().__init__(seed)
        dimensions = len(parameters)
        if not dimensions:
            raise InvalidOption("A competence field needs at least one randomized parameter, got none.")
        if not (unlearnable >= 0 and 0.0 <= ruggedness < np.inf):
            raise InvalidOption(
                f"unlearnable is {unlearnable} and ruggedness {ruggedness}; expected two numbers that are not negative."
            )
        self._parameters, self._nominal = parameters, parameters.nominal_unit
        self._scale = np.sqrt(dimensions)
        field = keyed_generator(seed, "field")
        self._weights = field.uniform(0.1, 1.0, dimensions)
        self._centres = field.random((CENTRES, dimensions))
        self._holes = field.random((unlearnable, dimensions))
        self._frequencies = field.normal(0.0, 15.0, (WAVES, dimensions)) / self._scale
        self._phases = field.uniform(0.0, 2.0 * np.pi, WAVES)
        self._ruggedness = ruggedness
        self._skills = np.zeros(CENTRES)
        self._generator = keyed_generator(seed, "training")

    def train(self, source: Sampler, steps: int) -> Episodes:
        """Practises in portions of 32 episodes of 200 steps."""
        parts = []
        target = self.charged_steps + steps
        while self.charged_steps < target:
            parts.append(self._practise(source))
            self.charged_steps += EPISODES_PER_UPDATE * EPISODE_STEPS
        return joined(parts, len(self._nominal))

    def evaluate(self, unit: NDArray[np.float64], seed: int) -> Episodes:
        """The scores are exact; the seed decides about successes."""
        count = len(unit)
        check_unit(unit, (count, len(self._nominal)))
        return _episodes(unit, np.full(count, PLAIN), 0, self.competence(unit), keyed_generator(seed, "evaluation"))

    def competence(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of success at places (count, dimensions)."""
        return self._competence(unit, self._kernel(unit))

    def state_dict(self) -> dict[str, Any]:
        """Skills, charged steps and the generator's state."""
        return {
            "charged_steps": self.charged_steps,
            "skills": self._skills.copy(),
            "generator": self._generator.bit_generator.state,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes them back, into a student of the same seed."""
        self.charged_steps = state["charged_steps"]
        self._skills = state["skills"].copy()
        self._generator.bit_generator.state = state["generator"]

    def _practise(self, source: Sampler) -> Episodes:
        tasks = sampled(source, self._generator, EPISODES_PER_UPDATE, self._parameters)
        kernel = self._kernel(tasks.unit)
        competence = self._competence(tasks.unit, kernel)
        practised = kernel[tasks.trains]
        teaches = 4.0 * competence * (1.0 - competence)
        kept = 1.0 - FORGETTING * np.exp(-practised.sum(axis=0))
        self._skills = kept * self._skills + LEARNING_RATE * (teaches[tasks.trains] @ practised)
        return _episodes(tasks.unit, tasks.tags, tasks.version, competence, self._generator)

    def _kernel(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much each place (count, dimensions) has to do with each centre: (count, centres)."""
        return np.asarray(np.exp(-0.5 * _squared_distances(unit, self._centres) / (WIDTH * self._scale) ** 2))

    def _competence(self, unit: NDArray[np.float64], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
        skill = kernel @ self._skills / np.maximum(kernel.sum(axis=1), 1e-12)
        competence = 1.0 / (1.0 + np.exp(-(skill - self._difficulty(unit)) / TEMPERATURE))
        hopeless = (_squared_distances(unit, self._holes) < (UNLEARNABLE_RADIUS * self._scale) ** 2).any(axis=1)
        return np.where(hopeless, 0.0, competence)

    def _difficulty(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        farthest = np.maximum(self._nominal, 1.0 - self._nominal)
        distance = np.sqrt((unit - self._nominal) ** 2 @ self._weights / (farthest**2 @ self._weights))
        waves = np.sin(unit @ self._frequencies.T + self._phases).sum(axis=1) * np.sqrt(2.0 / WAVES)
        return np.asarray(HARDNESS * distance + self._ruggedness * waves)


def _squared_distances(places: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    squared = (places**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2.0 * places @ others.T
    return np.asarray(np.maximum(squared, 0.0))


def _episodes(
    unit: NDArray[np.float64], tags: NDArray[np.int64], version: int, competence: NDArray[np.float64],
    generator: np.random.Generator,
) -> Episodes:  # fmt: skip
    count = len(unit)
    return Episodes(
        unit=unit,
        tags=tags,
        versions=np.full(count, version, np.int64),
        returns=competence,
        scores=competence,
        successes=generator.random(count) < competence,
        lengths=np.full(count, EPISODE_STEPS, np.int64),
    )
