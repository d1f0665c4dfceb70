"""Spaces, parameters and errors, as authors declare and users meet them."""

from __future__ import annotations

import math
import pickle
from collections import Counter

import numpy as np
import pytest
from suite import SUITE_IDS

import blendgym
from blendgym import errors
from blendgym.errors import InvalidOption, InvalidParameter, InvalidSpace, TaskNotFound
from blendgym.parameters import Camera, Gravity, Light, Material, Parameter, ParameterSpace, Sky
from blendgym.spaces import Box, Discrete
from blendgym.studies.domains import parameters_of
from blendgym.task import make_task
from blendgym.testing import TaskUnderTest
from blendgym.testing.task.documentation_checks import DOCUMENTATION_CHECKS

ALL_ERRORS = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]


@pytest.mark.parametrize("cls", ALL_ERRORS)
def test_every_error_survives_pickling_and_the_wire(cls):
    error = cls("what happened", seconds=1.5)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)
    assert (type(again), str(again), again.details) == (cls, "what happened", {"seconds": 1.5})
    from_wire = errors.error_from_code(cls.code, str(error), error.details)
    assert (type(from_wire), str(from_wire)) == (cls, "what happened")


def test_no_two_errors_share_a_code():
    assert len({cls.code for cls in ALL_ERRORS}) == len(ALL_ERRORS)


def test_an_error_of_a_newer_server_is_still_an_error_of_blendgym():
    assert type(errors.error_from_code("from_the_future", "?", {})) is errors.BlendgymError


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"low": 1.0, "high": 0.0, "shape": (1,)}, "low 1.0 above high 0.0"),
        ({"low": math.nan, "high": 0.0, "shape": (1,)}, "NaN"),
        ({"low": (0.0, 0.0), "high": 1.0, "shape": (3,)}, r"2 values in low, its shape \(3,\) has 3"),
        ({"low": 0.0, "high": 1.0, "shape": (1,), "dtype": "floaty"}, "dtype 'floaty'"),
    ],
)
def test_a_contradictory_box_is_refused(arguments, message):
    with pytest.raises(InvalidSpace, match=message):
        Box(**arguments)


def test_an_empty_discrete_space_is_refused():
    with pytest.raises(InvalidSpace, match="n = 0"):
        Discrete(0)


def test_a_box_takes_its_own_bounds_and_nothing_beyond():
    box = Box(low=(-1.0, 0.0), high=(1.0, 5.0), shape=(2,))
    for values in ([-1.0, 0.0], [1.0, 5.0]):
        box.validate(np.array(values, np.float32))
    with pytest.raises(errors.InvalidAction, match=r"element \[1\] is 5.1"):
        box.validate(np.array([0.0, 5.1], np.float32))


@pytest.mark.parametrize("count", [3, 100])
@pytest.mark.parametrize(("column", "value"), [(0, -1.1), (1, 5.1), (1, math.nan)])
def test_one_bad_number_among_few_or_many_is_found(count, column, value):
    box = Box(low=(-1.0, 0.0), high=(1.0, 5.0), shape=(2,))
    batch = np.tile(np.array([1.0, 5.0], np.float32), (count, 1))
    assert box.validate_batch(batch, count) is batch
    batch[2, column] = value
    with pytest.raises(errors.InvalidAction, match=rf"Action 2 of {count} element \[{column}\] is {value:g}"):
        box.validate_batch(batch, count)


def parameter(**changes):
    values = {"name": "p", "unit": "m", "nominal": 1.0, "low": 0.0, "high": 2.0, "binding": Gravity(), **changes}
    return Parameter(**values)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"nominal": 3.0}, "low <= nominal <= high"),
        ({"low": 2.0, "high": 0.0}, "low <= nominal <= high"),
        ({"low": 1.0, "high": 1.0}, "low < high"),
        ({"high": math.inf}, "not finite"),
        ({"nominal": math.nan}, "not finite"),
    ],
)
def test_a_contradictory_parameter_is_refused(changes, message):
    with pytest.raises(InvalidParameter, match=message):
        parameter(**changes)


def test_a_parameter_declared_twice_is_refused():
    with pytest.raises(InvalidParameter, match="declared twice: p"):
        ParameterSpace(parameter(), parameter())


def test_numpy_numbers_are_numbers():
    space = ParameterSpace(parameter())
    assert space.validate({"p": np.float32(0.5)}) == {"p": 0.5}
    assert space.validate({"p": np.int64(2)}) == {"p": 2.0}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cartpole", "named as 'module:Class'"),
        ("../p2/run2.py:Hand", r"named as 'module:Class'.*got '\.\./p2/run2\.py:Hand'"),
        ("run2.py:Hand", "named as 'module:Class'"),
        (".run2:Hand", "named as 'module:Class'"),
        ("folder/run2:Hand", "named as 'module:Class'"),
        (":Hand", "named as 'module:Class'"),
        ("run2:", "named as 'module:Class'"),
        ("run2:Hand!", "named as 'module:Class'"),
        ("no_such_module:Cartpole", "cannot be imported: No module named 'no_such_module'"),
        ("blendgym.envs.cartpole.task:Cartpoel", r"is not in .*cartpole/task.py\. Did you mean 'Cartpole'\?$"),
        ("analytic:Riding", "is not in .*analytic/__init__.py"),
        ("json:Riding", "call yours otherwise than 'json'"),
        (
            "falling_cubes:FallingCubes",
            r"is not in the folder .* itself; name a module of it: .*, falling_cubes\.falling_cubes\.",
        ),
        ("faulty_tasks:NotATask", "is no subclass of blendgym.task.Task"),
    ],
)
def test_a_task_that_is_not_there_is_named(name, message):
    with pytest.raises(TaskNotFound, match=message):
        make_task(name, {})
    if ":" in name:  # Others are ids of environments.
        with pytest.raises(TaskNotFound, match=message):
            blendgym.describe(name)


def test_an_option_that_a_task_does_not_take_is_named():
    with pytest.raises(InvalidOption, match="unexpected keyword argument 'colour'"):
        make_task("blendgym.envs.cartpole.task:Cartpole", {"colour": "red"})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Light("Sun", "strenght"), "A Light has no 'strenght', but strength, .* Did you mean 'strength'"),
        (lambda: Sky("roughness"), "A Sky has no 'roughness', but strength, hue, saturation."),
        (lambda: Material("Pole", "shine"), "A Material has no 'shine', but hue, saturation"),
        (lambda: Camera("Camera", "zoom"), "A Camera has no 'zoom', but distance, azimuth"),
    ],
)
def test_a_look_that_nothing_has_is_refused_where_it_is_declared(make, message):
    with pytest.raises(InvalidParameter, match=message):
        make()


@pytest.mark.parametrize("env_id", SUITE_IDS)
@pytest.mark.parametrize("check", DOCUMENTATION_CHECKS)
def test_every_environment_is_documented_as_it_is_declared(env_id, check):
    with TaskUnderTest(env_id) as task:
        check(task)


@pytest.mark.parametrize("env_id", SUITE_IDS)
def test_every_environment_can_be_randomized_in_its_dynamics_looks_sensors_and_actuators(env_id):
    parameters = parameters_of(env_id).values()
    groups = Counter(parameter.group for parameter in parameters)
    assert groups["dynamics"] >= 6
    assert groups["visual"] >= 4
    assert groups["sensor"] >= 2
    assert groups["actuator"] >= 1
