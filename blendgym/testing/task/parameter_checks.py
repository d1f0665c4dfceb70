"""Randomization parameters take effect as asked, everywhere within their bounds, and for one episode only."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping

import numpy as np

from blendgym.errors import BlendgymError, CheckFailed
from blendgym.randomization import Parameter
from blendgym.testing.checks import require
from blendgym.testing.rollouts import require_same
from blendgym.testing.task.task_under_test import TaskUnderTest

SEED = 7
RANDOM_CORNERS = 4
ACCURACY = 1e-3
"""Relative. Blender has single precision, and keeps a damping as the share of the motion that it takes away."""

Values = dict[str, float]


def check_parameters_are_read_back_as_requested(task: TaskUnderTest) -> None:
    """Asks for values of each parameter alone, and for all at once."""
    parameters = task.declared.parameters
    nominal = {name: parameter.nominal for name, parameter in parameters.items()}
    for asked in [{}, _between(parameters), *_alone(parameters), *_corners(parameters)]:
        with _being_possible(asked):
            in_effect = task.env.reset(seed=SEED, options={"params": asked})[1]["params"]
        for name, expected in (nominal | asked).items():
            require(
                name in in_effect and _agree(in_effect[name], expected, parameters[name]),
                f"Parameter {name!r} should be {expected:g} after a reset with {_text(asked)}, but "
                f"{in_effect.get(name)} is in effect. Let its binding set and read the same quantity, and no parameter "
                "change what another one sets.",
            )


def check_parameters_of_one_episode_leave_no_trace_in_the_next(task: TaskUnderTest) -> None:
    """Plays a nominal episode before and after episodes with other values."""
    nominal = task.episode(SEED)
    for changed in [*_alone(task.declared.parameters), *_corners(task.declared.parameters)]:
        _play(task, changed)
        require_same(
            task.episode(SEED), nominal, f"A nominal episode after one with {_text(changed)}",
            "Let every binding set its quantity at every reset, to the nominal value too, and derive nothing from it "
            "that stays.",
        )  # fmt: skip


def check_nominal_values_given_by_name_change_nothing(task: TaskUnderTest) -> None:
    """Plays an episode without values, and with the nominal ones."""
    given = {name: parameter.nominal for name, parameter in task.declared.parameters.items()}
    require_same(
        task.episode(SEED, given), task.episode(SEED), "An episode with all nominal values given by name",
        "The scene should be built with the nominal values, and a binding do the same thing for every value.",
    )  # fmt: skip


def check_episodes_stay_finite_at_the_corners_of_the_parameters(task: TaskUnderTest) -> None:
    """Plays episodes at the bounds of each parameter alone, of all together, and at random corners."""
    for corner in [*_alone(task.declared.parameters), *_corners(task.declared.parameters)]:
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


def _agree(value: float, expected: float, parameter: Parameter) -> bool:
    return math.isclose(value, expected, rel_tol=ACCURACY, abs_tol=ACCURACY * (parameter.high - parameter.low))


def _text(values: Values) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in values.items()) or "nominal values"


PARAMETER_CHECKS = (
    check_parameters_are_read_back_as_requested,
    check_parameters_of_one_episode_leave_no_trace_in_the_next,
    check_nominal_values_given_by_name_change_nothing,
    check_episodes_stay_finite_at_the_corners_of_the_parameters,
)
