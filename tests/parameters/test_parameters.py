"""Declarations of randomization parameters, the unit cube, keyed draws, selections. None of these needs Blender."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blendgym.envs.cartpole.task import Cartpole
from blendgym.errors import InvalidParameter, ParameterNotInEffect
from blendgym.parameters import (
    Constraint,
    Correlation,
    LogUniform,
    Mass,
    Normal,
    Parameter,
    ParameterSpace,
    TaskAttribute,
    Uniform,
)
from blendgym.parameters.episodes import plain_tasks
from blendgym.parameters.selection import select
from blendgym.parameters.sources import Prior, Taught, sampled

UNIT = st.floats(0.0, 1.0)
NUMBER = st.floats(1e-3, 1e3)
PRIORS = [Uniform(), LogUniform(), Normal(mean=1.0, standard_deviation=0.7)]


def parameter(name="p", **changes):
    values = {"unit": "m", "nominal": 1.0, "low": 0.5, "high": 2.0, "binding": TaskAttribute(name), **changes}
    return Parameter(name=name, **values)


def integer(**changes):
    return parameter(**{"kind": "integer", "nominal": 0, "low": 0, "high": 3, **changes})


def texture(**changes):
    values = {"kind": "categorical", "choices": ("plain", "checker"), "nominal": 0, "low": 0, "high": 1, "unit": "1"}
    return parameter(**{**values, **changes})


@pytest.mark.parametrize(
    ("make", "changes", "message"),
    [
        (parameter, {"prior": LogUniform(), "low": 0.0}, "LogUniform.*needs low > 0"),
        (parameter, {"prior": Normal(9.0, 0.1)}, "so far from 0.5 to 2.0 that nothing of it is between them"),
        (parameter, {"prior": Normal(1.0, 0.0)}, "needs a positive standard deviation"),
        (integer, {"high": 2.5}, "bounds and nominal value are whole numbers"),
        (integer, {"prior": LogUniform(), "low": 1, "nominal": 1}, "its prior is uniform"),
        (texture, {"choices": ()}, "categorical ones, and only those, have some|categorical one, and only that"),
        (parameter, {"choices": ("a", "b")}, "has the kind 'real' and the choices"),
        (texture, {"high": 3}, "has 2 choices, so low is 0 and high 1"),
        (parameter, {"phase": "interval"}, "only intervals have a length"),
        (parameter, {"interval": 1.0}, "only intervals have a length"),
        (parameter, {"phase": "interval", "interval": 1.0, "binding": Mass("Cart")}, "Mass takes effect when"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(make, changes, message):
    with pytest.raises(InvalidParameter, match=message):
        make(**changes)


@pytest.mark.parametrize("kind", [Uniform, LogUniform, Normal])
@given(low=NUMBER, width=NUMBER, share=UNIT)
def test_the_place_of_the_nominal_value_is_exactly_the_nominal_value(kind, low, width, share):
    prior = kind(low, width) if kind is Normal else kind()
    nominal = min(low + share * width, low + width)
    declared = parameter(low=low, high=low + width, nominal=nominal, prior=prior)
    assert declared.from_unit(declared.to_unit(nominal)) == nominal


@pytest.mark.parametrize("prior", PRIORS)
@given(units=st.tuples(UNIT, UNIT))
def test_values_rise_with_their_places_and_stay_within_the_bounds(prior, units):
    lower, higher = parameter(prior=prior).from_unit(sorted(units))
    assert 0.5 <= lower <= higher <= 2.0


@pytest.mark.parametrize("prior", PRIORS)
@given(unit=st.floats(0.01, 0.99))
def test_the_place_of_a_value_is_where_it_came_from(prior, unit):
    declared = parameter(prior=prior)
    assert declared.to_unit(declared.from_unit(unit)) == pytest.approx(unit, abs=1e-9)


def test_priors_spread_values_as_they_say():
    unit = (np.arange(20_000) + 0.5) / 20_000
    assert parameter(prior=Uniform()).from_unit(unit).mean() == pytest.approx(1.25)
    assert np.median(parameter(prior=LogUniform()).from_unit(unit)) == pytest.approx(1.0, rel=1e-3)
    wide = parameter(prior=Normal(1.0, 0.1), low=0.1, high=1.9).from_unit(unit)
    assert (wide.mean(), wide.std()) == (pytest.approx(1.0, abs=1e-3), pytest.approx(0.1, rel=1e-2))


def test_every_whole_number_has_the_same_share_of_the_unit_interval():
    values = integer().from_unit((np.arange(400) + 0.5) / 400)
    np.testing.assert_array_equal(np.unique(values, return_counts=True), [[0, 1, 2, 3], [100] * 4])
    assert integer().from_unit(1.0) == 3.0


def test_a_whole_number_takes_no_fractions():
    assert integer().validate(2) == 2.0
    with pytest.raises(InvalidParameter, match="expected a whole number from 0 to 3"):
        integer().validate(1.5)


def test_a_choice_has_a_name():
    assert texture().validate("checker") == texture().validate(1) == 1.0
    with pytest.raises(InvalidParameter, match="'chequer'; expected one of plain, checker"):
        texture().validate("chequer")


def test_a_space_maps_its_unit_cube_to_values_and_back():
    space = ParameterSpace(parameter("a"), integer(name="b"))
    values = space.from_unit([[0.0, 0.0], [1.0, 1.0]])
    np.testing.assert_array_equal(values, [[0.5, 0.0], [2.0, 3.0]])
    np.testing.assert_allclose(space.to_unit(values), [[0.0, 0.125], [1.0, 0.875]])
    np.testing.assert_array_equal(space.from_unit(space.nominal_unit), [1.0, 0.0])


def test_a_further_parameter_changes_no_other_draw():
    few = ParameterSpace(parameter("a"), parameter("b"))
    more = ParameterSpace(parameter("first"), parameter("a"), parameter("new"), parameter("b"))
    np.testing.assert_array_equal(Prior(few).draw(7, 0).unit[0], Prior(more).draw(7, 0).unit[0][[1, 3]])


def test_draws_depend_on_the_episode_alone_and_those_of_the_startup_on_the_environment_alone():
    prior = Prior(ParameterSpace(parameter("a"), parameter("b", phase="startup")))
    (first, again, other), (elsewhere,) = (
        [prior.draw(episode, 0).unit[0] for episode in (1, 1, 2)],
        [prior.draw(1, 5).unit[0]],
    )
    np.testing.assert_array_equal(first, again)
    assert (first[0] != other[0], first[1] == other[1]) == (True, True)
    assert (first[0] == elsewhere[0], first[1] != elsewhere[1]) == (True, True)


def test_draws_fill_the_cube_evenly():
    prior = Prior(ParameterSpace(parameter("a"), parameter("b")))
    units = np.array([prior.draw(seed, 0).unit[0] for seed in range(4000)])
    counts = np.histogram2d(*units.T, bins=4, range=[[0, 1], [0, 1]])[0]
    assert np.abs(counts - 250).max() < 4 * np.sqrt(250)


def test_correlated_parameters_go_together_and_each_alone_keeps_its_prior():
    space = ParameterSpace(parameter("a"), parameter("b"), correlations=[Correlation("a", "b", 0.8)])
    units = np.array([Prior(space).draw(seed, 0).unit[0] for seed in range(4000)])
    # Of the ranks of a Gaussian copula.
    assert np.corrcoef(units.T)[0, 1] == pytest.approx(6 / np.pi * np.arcsin(0.4), abs=0.03)
    assert np.histogram(units[:, 1], bins=4, range=(0, 1))[0] == pytest.approx(1000, rel=0.12)


def test_impossible_correlations_are_refused():
    correlations = [Correlation("a", "b", 0.9), Correlation("b", "c", 0.9), Correlation("a", "c", -0.9)]
    with pytest.raises(InvalidParameter, match="No random variables have the correlations"):
        ParameterSpace(parameter("a"), parameter("b"), parameter("c"), correlations=correlations)


def lighter(*spaces):
    return [Constraint(("a", "b"), lambda a, b: a < b, "a < b")]


def test_draws_meet_the_constraints_and_those_that_do_at_first_stay():
    free = ParameterSpace(parameter("a"), parameter("b"))
    bound = ParameterSpace(parameter("a"), parameter("b"), constraints=lighter())
    for seed in range(200):
        unit, drawn = Prior(free).draw(seed, 0).unit[0], Prior(bound).draw(seed, 0).unit[0]
        assert drawn[0] < drawn[1]
        assert np.array_equal(unit, drawn) == bool(unit[0] < unit[1])


def test_constraints_that_cannot_be_met_are_named():
    space = ParameterSpace(parameter("a", low=1.5, nominal=1.5), parameter("b", high=1.0), constraints=lighter())
    with pytest.raises(InvalidParameter, match="broke a constraint .a < b."):
        Prior(space).draw(0, 0)


@pytest.mark.parametrize(
    ("randomize", "names"),
    [
        (None, set()),
        ("cart.mass", {"cart.mass"}),
        ("actuator", {"action.latency"}),
        (["sensor", "gravity"], {"observation.latency", "observation.noise", "gravity"}),
        ("all", set(Cartpole.parameters)),
        ({"cart.mass": None, "pole.mass": [0.1, 0.2]}, {"cart.mass", "pole.mass"}),
    ],
)
def test_groups_and_names_select_parameters(randomize, names):
    chosen = select(Cartpole.parameters, json.loads(json.dumps(randomize)))
    assert set(chosen) == names
    assert list(chosen) == [name for name in Cartpole.parameters if name in names]


def test_a_selection_narrows_bounds_and_changes_phases():
    chosen = select(Cartpole.parameters, {"cart.mass": [2.0, 3.0], "force.scale": {"phase": "interval", "interval": 1}})
    mass, force = chosen["cart.mass"], chosen["force.scale"]
    assert (mass.low, mass.nominal, mass.high) == (2.0, 2.0, 3.0)
    assert (force.phase, force.interval, force.high) == ("interval", 1, 25.0)


@pytest.mark.parametrize(
    ("randomize", "message"),
    [
        ("imaging", "has 'imaging', but nothing of this .* its parameters are 8 of 'dynamics', .*12 of 'visual'"),
        (["dynamics", "imaging"], "randomize has 'imaging'"),
        ("cart.mas", "Did you mean 'cart.mass'"),
        ({"cart.mass": [0.1, 1.0]}, "'cart.mass' is 0.1; expected a number from 0.25 to 4 kg"),
        (True, "randomize is True; expected None, 'all', 'physical', .*a list of such names, or a dict"),
        (5, "randomize is 5; expected None, 'all'"),
        (["cart.mass", ["force.scale"]], "expected None, 'all'"),
        ({"cart.mass": [2.0, 1.0]}, "'cart.mass' is randomized from 2 to 1 kg; low must be below high"),
        ({"cart.mass": [1.0, 1.0]}, r"low must be below high. A single value is set by reset\(options="),
        ({"cart.mass": {"phase": "never"}}, "has the phase 'never'; expected one of startup, reset, interval"),
        ({"force.scale": {"phase": "interval", "interval": "1"}}, "has the interval '1'; expected a number of seconds"),
        ({"cart.mass": 2.0}, "expected None, .low, high."),
        ({"cart.mass": {"lo": 1.0}}, "expected None, .low, high."),
        ({"action.latency": [0, 1.5]}, "expected a whole number"),
        ({"gravity": {"phase": "interval", "interval": 1.0}}, "cannot change within an episode"),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused(randomize, message):
    with pytest.raises(InvalidParameter, match=message):
        select(Cartpole.parameters, randomize)


def test_a_selection_may_come_from_a_generator():
    assert list(select(Cartpole.parameters, (name for name in ("gravity", "cart.mass")))) == ["cart.mass", "gravity"]


def test_a_space_shows_the_names_of_its_parameters():
    assert repr(ParameterSpace(parameter("a"), parameter("b"))) == "<ParameterSpace of 2: a, b>"
    assert repr(ParameterSpace()) == "<ParameterSpace of none>"
    assert repr(ParameterSpace(*(parameter(f"p{i}") for i in range(33)))).endswith(", p29 and 3 more>")


def test_a_value_that_is_not_in_effect_is_noticed():
    space = ParameterSpace(parameter("a"), parameter("b"))
    space.require_in_effect({"a": 2.0}, {"a": 2.0 + 1e-7, "b": 1.0})
    with pytest.raises(ParameterNotInEffect, match="'b' was set to 1 m, but 1.5 is in effect"):
        space.require_in_effect({"a": 2.0}, {"a": 2.0, "b": 1.5})


class Everywhere:
    """Samples places by chance, each with a tag of its own."""

    def sample(self, generator, count):
        tasks = plain_tasks(generator.random((count, 2)), version=3)
        return tasks._replace(tags=(1e9 * tasks.unit[:, 0]).astype(np.int64), trains=tasks.unit[:, 0] < 0.5)


def test_samples_of_a_teacher_meet_the_constraints_and_those_that_do_at_first_stay():
    free = ParameterSpace(parameter("a"), parameter("b"))
    bound = ParameterSpace(parameter("a"), parameter("b"), constraints=lighter())
    at_first, tasks = (sampled(Everywhere(), np.random.default_rng(0), 200, space) for space in (free, bound))
    kept = at_first.unit[:, 0] < at_first.unit[:, 1]
    assert 50 < kept.sum() < 150
    assert (tasks.unit[:, 0] < tasks.unit[:, 1]).all()
    np.testing.assert_array_equal((tasks.unit == at_first.unit).all(axis=1), kept)
    np.testing.assert_array_equal(tasks.tags, (1e9 * tasks.unit[:, 0]).astype(np.int64))
    np.testing.assert_array_equal(tasks.trains, tasks.unit[:, 0] < 0.5)
    draws = [Taught(bound, Everywhere()).draw(seed, 0).unit[0] for seed in range(50)]
    assert all(a < b for a, b in draws)


def test_a_teacher_that_samples_nothing_possible_is_told_which_constraint_it_breaks():
    space = ParameterSpace(parameter("a", low=1.5, nominal=1.5), parameter("b", high=1.0), constraints=lighter())
    with pytest.raises(InvalidParameter, match="broke a constraint .a < b."):
        sampled(Everywhere(), np.random.default_rng(0), 5, space)
