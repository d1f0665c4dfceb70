"""How good is a student? The measure that rewards of the meta-environment are differences of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.agents.students.student import Student
from blendgym.errors import StudentDiverged
from blendgym.parameters.draws import keyed_generator
from blendgym.statistics import conditional_value_at_risk

TASKS = 128
TAIL = 0.2


class Probe:
    """Fixed tasks all over the unit cube, played with the same random numbers each time (common random numbers).

    It is privileged: what comes of it goes into rewards and nowhere else, its steps are not charged, and neither
    students nor teachers ever see its tasks. Another key gives other tasks, so that a teacher which learns over many
    meta-episodes cannot learn the tasks.

    Args:
        dimensions: The number of randomized parameters.
        key: The key of the meta-episode.
    """

    def __init__(self, dimensions: int, key: int) -> None:
        generator = keyed_generator(key, "probe")
        self.unit = latin_hypercube(generator, TASKS, dimensions)
        self._seed = int(generator.integers(2**31))

    def score(self, student: Student) -> float:
        """Half the mean score and half its conditional value at risk over the worst 20% of the tasks: from 0 to 1.

        Raises:
            StudentDiverged: If a score is not finite.
        """
        scores = student.evaluate(self.unit, self._seed).scores
        if not np.isfinite(scores).all():
            raise StudentDiverged(f"The student's scores are not finite after {student.charged_steps} steps.")
        return 0.5 * float(scores.mean()) + 0.5 * float(conditional_value_at_risk(scores, TAIL))


def latin_hypercube(generator: np.random.Generator, count: int, dimensions: int) -> NDArray[np.float64]:
    """Places of the cube, one in each of ``count`` equal slices of every dimension (McKay, Beckman, Conover, 1979)."""
    slices = np.tile(np.arange(count)[:, None], dimensions)
    return np.asarray((generator.permuted(slices, axis=0) + generator.random((count, dimensions))) / count)
