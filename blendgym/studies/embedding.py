"""Teachers in a cube, students in a wider one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters import Parameter, ParameterSpace
from blendgym.parameters.episodes import Episodes, Tasks
from blendgym.parameters.sources import Sampler

Places = NDArray[np.float64]


class Embedding(Sampler):
    """Hands the tasks of a teacher to a student whose ranges are wider, for it has to sit exams out of range too.

    Args:
        source: What samples tasks within the narrow ranges.
        narrow: The parameters as the teacher knows them.
        wide: The same parameters, in the same order, as the student knows them.
    """

    def __init__(self, source: Sampler, narrow: ParameterSpace, wide: ParameterSpace) -> None:
        self._source = source
        self._pairs = [(narrow[name], wide[name]) for name in wide]

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        """Tasks as the student knows them."""
        tasks = self._source.sample(generator, count)
        return tasks._replace(unit=self.widened(tasks.unit))

    def returned(self, episodes: Episodes) -> Episodes:
        """The student's episodes as the teacher knows them."""
        columns = zip(self._pairs, episodes.unit.T, strict=True)
        back = [_moved(column, wide, narrow) for (narrow, wide), column in columns]
        return episodes._replace(unit=np.stack(back, axis=-1))

    def widened(self, unit: Places) -> Places:
        """Places of the narrow cube in the wide one."""
        columns = zip(self._pairs, unit.T, strict=True)
        return np.stack([_moved(column, narrow, wide) for (narrow, wide), column in columns], axis=-1)


def _moved(unit: Places, here: Parameter, there: Parameter) -> Places:
    """The same values in other ranges. Places of whole numbers keep their place within the number's share."""
    if not here.is_discrete:
        return there.to_unit(here.from_unit(unit))
    position = here.low + unit * (here.high - here.low + 1)
    return np.clip((position - there.low) / (there.high - there.low + 1), 0.0, 1.0)
