"""Students whose success probability is known everywhere in the cube, so that one can say what a teacher must do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters.episodes import Episodes, Tasks, joined
from blendgym.teachers.teacher import Teacher

Places = NDArray[np.float64]
Probability = Callable[[Places], NDArray[np.float64]]

EPISODE_LENGTH = 10


class ToyStudent:
    """Succeeds by chance, with a probability that depends on the place."""

    def probability(self, unit: Places) -> NDArray[np.float64]:
        """Of success, at places (episodes, dimensions)."""
        raise NotImplementedError

    def practise(self, unit: Places) -> None:
        """Learns from episodes at these places."""

    def play(self, tasks: Tasks, generator: np.random.Generator) -> Episodes:
        """Plays each task once, then learns from those that train. Returns are 1 or 0."""
        successes = generator.random(len(tasks.unit)) < self.probability(tasks.unit)
        self.practise(tasks.unit[tasks.trains])
        return episodes_of(tasks, successes)


class Unchanging(ToyStudent):
    """One that neither learns nor forgets."""

    def __init__(self, probability: Probability) -> None:
        self._probability = probability

    def probability(self, unit: Places) -> NDArray[np.float64]:
        return self._probability(unit)


class GrowingBall(ToyStudent):
    """Succeeds within a distance of the nominal point, which grows with practice near its edge.

    Practice inside teaches nothing, and neither does practice far outside: ``band`` is how far from the edge it does.
    """

    def __init__(self, nominal: Places, radius: float = 0.1, band: float = 0.1, speed: float = 1e-3) -> None:
        self.nominal, self.radius, self.band, self.speed = nominal, radius, band, speed

    def probability(self, unit: Places) -> NDArray[np.float64]:
        return (self._distance(unit) < self.radius).astype(np.float64)

    def practise(self, unit: Places) -> None:
        self.radius += self.speed * float(np.sum(np.abs(self._distance(unit) - self.radius) < self.band))

    def _distance(self, unit: Places) -> NDArray[np.float64]:
        return np.linalg.norm(unit - self.nominal, axis=1)


class SkillMap(ToyStudent):
    """Has a skill in each cell of a grid over the first dimension, which is its success probability there.

    Args:
        cells: Of the grid.
        learnable: The highest skill that a cell can get, by its number; 0 where nothing can be learnt.
        learning: How much of the way to that one episode in a cell goes.
        forgetting: What share of the skills of all other cells one episode costs.
    """

    def __init__(
        self, cells: int, learnable: Callable[[int], float], learning: float = 0.01, forgetting: float = 0.0
    ) -> None:
        self.skill = np.zeros(cells)
        self.highest = np.array([learnable(cell) for cell in range(cells)])
        self.learning, self.forgetting = learning, forgetting

    def probability(self, unit: Places) -> NDArray[np.float64]:
        return self.skill[self._cell(unit)]

    def practise(self, unit: Places) -> None:
        for cell in self._cell(unit):
            risen = self.skill[cell] + self.learning * (self.highest[cell] - self.skill[cell])
            self.skill *= 1.0 - self.forgetting
            self.skill[cell] = risen

    def _cell(self, unit: Places) -> NDArray[np.int64]:
        return np.minimum((unit[:, 0] * len(self.skill)).astype(np.int64), len(self.skill) - 1)


def half_unlearnable(cells: int = 16) -> SkillMap:
    """All of the lower half of the first dimension can be learnt, nothing of the upper."""
    return SkillMap(cells, lambda cell: float(cell < cells // 2))


def forgetful(cells: int = 8) -> SkillMap:
    """Everything can be learnt, and is lost where it is not practised."""
    return SkillMap(cells, lambda _: 1.0, learning=0.02, forgetting=0.002)


def succeeds_within(low: Places, high: Places) -> ToyStudent:
    """Always succeeds inside of a box, never outside."""
    return Unchanging(lambda unit: np.all((unit >= low) & (unit <= high), axis=1).astype(np.float64))


def corner_fails(border: float = 0.85) -> ToyStudent:
    """Fails only where the first two dimensions are both above ``border``: seen along each alone, most succeeds."""
    return Unchanging(lambda unit: 1.0 - np.all(unit[:, :2] > border, axis=1))


def slope() -> ToyStudent:
    """Its success probability falls from 1 to 0 along the first dimension."""
    return Unchanging(lambda unit: 1.0 - unit[:, 0])


def episodes_of(tasks: Tasks, successes: NDArray[np.bool_]) -> Episodes:
    """The episodes of tasks that went like this."""
    returns = successes.astype(np.float64)
    versions = np.full(len(returns), tasks.version, np.int64)
    lengths = np.full(len(returns), EPISODE_LENGTH, np.int64)
    return Episodes(tasks.unit, tasks.tags, versions, returns, returns, successes, lengths)


def teach(
    teacher: Teacher, student: ToyStudent, generator: np.random.Generator, rounds: int, count: int = 50
) -> Episodes:
    """Rounds of ``count`` episodes and one update each; returns all that were played."""
    played = []
    for _ in range(rounds):
        played.append(student.play(teacher.sample(generator, count), generator))
        teacher.observe(played[-1])
        teacher.update()
    return joined(played, teacher.dimensions)
