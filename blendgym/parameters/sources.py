"""Where the parameters of an episode come from.

A source is asked at every reset, also at those that vector environments and stable-baselines3 do by themselves.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidParameter
from blendgym.parameters.draws import keyed_generator, keyed_uniform
from blendgym.parameters.episodes import Tasks, check_unit, plain_tasks
from blendgym.parameters.space import ParameterSpace

MAX_ATTEMPTS = 1000


@runtime_checkable
class Source(Protocol):
    """Gives every episode its parameters.

    Attributes:
        space: The parameters that it draws.
    """

    space: ParameterSpace

    def draw(self, episode_seed: int, environment_seed: int) -> Tasks:
        """The one task of an episode: a function of the seeds, and of what the source has learnt.

        Args:
            episode_seed: Of the episode.
            environment_seed: Of the environment, for parameters that it keeps (``phase="startup"``).
        """


class Sampler(Protocol):
    """What samples tasks, such as a teacher."""

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        """Tasks to be played next."""


class Prior:
    """Draws from the priors, each parameter by a key of its own: a further parameter changes no other's draws.

    Args:
        space: The parameters.
    """

    def __init__(self, space: ParameterSpace) -> None:
        self.space = space

    def draw(self, episode_seed: int, environment_seed: int) -> Tasks:
        """One task. Draws that break a constraint are drawn again."""
        seeds = [environment_seed if each.phase == "startup" else episode_seed for each in self.space.values()]
        for attempt in range(MAX_ATTEMPTS):
            keys = zip(seeds, self.space, strict=True)
            unit = self.space.correlated(np.array([keyed_uniform(seed, name, attempt) for seed, name in keys]))
            if self.space.allowed(unit):
                return plain_tasks(unit[None])
        raise _never_allowed(self.space)

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """The density of its draws at places (count, dimensions) of the cube; see ``ParameterSpace.density``."""
        return self.space.density(unit)


class Taught:
    """Draws what a teacher samples.

    Args:
        space: The parameters, whose unit cube is the teacher's.
        teacher: Samples tasks. It may go on learning; whoever trains the student tells it what came of them.
    """

    def __init__(self, space: ParameterSpace, teacher: Sampler) -> None:
        self.space, self.teacher = space, teacher

    def draw(self, episode_seed: int, environment_seed: int) -> Tasks:  # noqa: ARG002 (teachers know no startup phase)
        """One task."""
        return sampled(self.teacher, keyed_generator(episode_seed, "teacher"), 1, self.space)


def sampled(sampler: Sampler, generator: np.random.Generator, count: int, space: ParameterSpace) -> Tasks:
    """Tasks that are possible: those that break a constraint are sampled again.

    Raises:
        InvalidParameter: If they are not as many as asked for, not in the unit cube, or break a constraint again and
            again.
    """
    tasks = _sampled_once(sampler, generator, count, space)
    for _ in range(MAX_ATTEMPTS):
        broken = (~space.allowed(tasks.unit)).nonzero()[0]
        if not len(broken):
            return tasks
        tasks = _replaced(tasks, broken, _sampled_once(sampler, generator, len(broken), space))
    raise _never_allowed(space)


def _sampled_once(sampler: Sampler, generator: np.random.Generator, count: int, space: ParameterSpace) -> Tasks:
    tasks = sampler.sample(generator, count)
    check_unit(tasks.unit, (count, len(space)))
    return tasks


def _replaced(tasks: Tasks, rows: NDArray[np.int64], others: Tasks) -> Tasks:
    unit, tags, trains = tasks.unit.copy(), tasks.tags.copy(), tasks.trains.copy()
    unit[rows], tags[rows], trains[rows] = others.unit, others.tags, others.trains
    return tasks._replace(unit=unit, tags=tags, trains=trains)


def _never_allowed(space: ParameterSpace) -> InvalidParameter:
    constraints = ", ".join(constraint.description for constraint in space.constraints)
    return InvalidParameter(
        f"{MAX_ATTEMPTS} draws of {', '.join(space)} broke a constraint ({constraints}); change the bounds."
    )
