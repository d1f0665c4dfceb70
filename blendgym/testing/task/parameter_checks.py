"""Randomization parameters take effect as asked, everywhere within their bounds, and for one episode only."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any
from unittest import SkipTest

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import BlendgymError, CheckFailed, SystemLibraryMissing
from blendgym.parameters import Parameter
from blendgym.testing.checks import require
from blendgym.testing.rollouts import bits, require_same
from blendgym.testing.task.task_under_test import TaskUnderTest

SEED = 7
OTHER_SEEDS = range(8, 24)
RANDOM_CORNERS = 4
UNSEEN = ("dynamics", "sensor", "actuator")
"""Groups whose parameters change more than pictures."""
Values = dict[str, float]


def check_parameters_are_read_back_as_requested(task: TaskUnderTest) -> None:
    """Asks for values of each parameter alone, and for all at once; the server compares what is in effect."""
    parameters = task.declared.parameters
    for asked in [{}, _between(parameters), *_alone(parameters), *_corners(parameters)]:
        with _being_possible(asked):
            task.env.reset(seed=SEED, options={"params": asked})


def check_every_parameter_has_an_effect(task: TaskUnderTest) -> None:
    """Plays episodes at the bounds of each parameter alone; observations must differ in one of them.

    For visual ones, and for those of groups of its own, it will do that a picture differs. What only matters once two
    bodies meet, such as friction, may need some episodes until they do.
    """
    nominal = cache(lambda seed: bits(task.episode(seed)))
    nominal_picture = cache(lambda: _picture(task, {}))

    def differs(values: Values, seeds: Iterable[int]) -> bool:
        return any(bits(task.episode(seed, values)) != nominal(seed) for seed in seeds)

    for values in _alone(task.declared.parameters):
        ((name, value),) = values.items()
        parameter = task.declared.parameters[name]
        if value == parameter.nominal or differs(values, [SEED]):
            continue
        if parameter.group not in UNSEEN and not np.array_equal(_picture(task, values), nominal_picture()):
            continue
        require(
            differs(values, OTHER_SEEDS),
            f"An episode with {_text(values)} should differ from a nominal one, but is the same bit for bit, whatever "
            "the seed. Recompute what derives from the parameter, or remove it.",
        )


def check_parameters_of_one_episode_leave_no_trace_in_the_next(task: TaskUnderTest) -> None:
    """Plays episodes at both bounds of each parameter alone, and a nominal one after them as before them."""
    nominal = task.episode(SEED)
    for name, parameter in task.declared.parameters.items():
        _play(task, {name: parameter.low})
        _play(task, {name: parameter.high})
        both = f"{name} {parameter.low:g} and {parameter.high:g}"
        require_same(
            task.episode(SEED), nominal, f"A nominal episode after those with {both}",
            "Let every binding of your own set its quantity at every reset, to the nominal value too, and derive "
            "nothing from it that stays. If the parameter has one of blendgym's, the fault is ours: please report it.",
        )  # fmt: skip


def check_nominal_values_given_by_name_change_nothing(task: TaskUnderTest) -> None:
    """Plays an episode without values, and with the nominal ones."""
    given = {name: parameter.nominal for name, parameter in task.declared.parameters.items()}
    require_same(
        task.episode(SEED, given), task.episode(SEED), "An episode with all nominal values given by name",
        "The scene should be built with the nominal values, and a binding do the same thing for every value.",
    )  # fmt: skip


def check_episodes_stay_finite_at_the_corners_of_the_parameters(task: TaskUnderTest) -> None:
    """Plays episodes with all parameters at bounds: the lower, the upper, and some at random."""
    for corner in _corners(task.declared.parameters):
        _play(task, corner)


def _play(task: TaskUnderTest, values: Values) -> None:
    with _being_possible(values):
        rows = task.episode(SEED, values)
    require(
        all(math.isfinite(row.reward) for row in rows),
        f"The rewards of an episode with {_text(values)} should be finite numbers, but are not.",
    )


@contextlib.contextmanager
def _being_possible(values: Values) -> Iterator[None]:
    """Says with which values an episode was not possible."""
    try:
        yield
    except BlendgymError as error:
        raise CheckFailed(
            f"An episode with {_text(values)} should be possible, but: {error} Narrow the bounds of the parameters, or "
            "let the scene bear them."
        ) from error


def _between(parameters: Mapping[str, Parameter]) -> Values:
    """Values of all parameters, none of them at a bound."""
    return {name: float(parameter.from_unit(0.3)) for name, parameter in parameters.items()}


def _picture(task: TaskUnderTest, values: Values) -> NDArray[Any]:
    task.env.reset(seed=SEED, options={"params": values})
    try:
        return task.env.capture(width=84, height=84).images["rgb"]
    except SystemLibraryMissing as error:
        raise SkipTest(f"no picture can be taken here: {error}") from None


def _alone(parameters: Mapping[str, Parameter]) -> Iterator[Values]:
    """Values of one parameter: its bounds."""
    for name, parameter in parameters.items():
        yield {name: parameter.low}
        yield {name: parameter.high}


def _corners(parameters: Mapping[str, Parameter]) -> Iterator[Values]:
    """Values of all parameters, each at one of its bounds."""
    if not parameters:
        return
    yield {name: parameter.low for name, parameter in parameters.items()}
    yield {name: parameter.high for name, parameter in parameters.items()}
    rng = np.random.default_rng(0)
    for _ in range(RANDOM_CORNERS):
        yield {name: float(rng.choice((p.low, p.high))) for name, p in parameters.items()}


def _text(values: Values) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in values.items()) or "nominal values"


PARAMETER_CHECKS = (
    check_parameters_are_read_back_as_requested,
    check_every_parameter_has_an_effect,
    check_parameters_of_one_episode_leave_no_trace_in_the_next,
    check_nominal_values_given_by_name_change_nothing,
    check_episodes_stay_finite_at_the_corners_of_the_parameters,
)
