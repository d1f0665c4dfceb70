"""What a task declares is checked when an environment is made, before any Blender starts, and all at once."""

from __future__ import annotations

import math
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest

from blendgym.declarations import check_task
from blendgym.envs.cartpole.task import Cartpole
from blendgym.envs.pendulum.task import Pendulum
from blendgym.errors import InvalidTask
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute, VectorParameter
from blendgym.spaces import Dict, Discrete
from blendgym.task import Task

BOUND_TO_NOTHING = ParameterSpace(
    Parameter(name="push", unit="N", nominal=1.0, low=0.5, high=2.0, binding=TaskAttribute("force_skale"))
)


def faults_of(base=Cartpole, **attributes):
    """What is said of a task with other attributes."""
    task = type("Own", (base,), attributes)()
    with pytest.raises(InvalidTask) as caught:
        check_task(task, Task, "own:Own")
    return str(caught.value)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"control_rate": 0.0}, "control_rate is 0.0; expected a rate above 0"),
        ({"control_rate": -5}, "control_rate is -5;"),
        ({"control_rate": math.nan}, "control_rate is nan;"),
        ({"control_rate": math.inf}, "control_rate is inf;"),
        ({"control_rate": "50"}, "control_rate is '50';"),
        ({"control_rate": True}, "control_rate is True;"),
        ({"substeps": 0}, "substeps is 0; expected an integer from 1 to 32,767"),
        ({"substeps": 2.5}, "substeps is 2.5;"),
        ({"substeps": 40_000}, "substeps is 40000;"),
        ({"frames_per_step": 0}, "frames_per_step is 0;"),
        ({"scene": 3}, "scene is 3; expected the name of a module"),
        ({"scene": ""}, "scene is ''; expected the name of a module"),
        ({"camera": ""}, "camera is ''; expected the name of a camera"),
        ({"camera": Path("Camera")}, "expected the name of a camera"),
        ({"observation_space": gym.spaces.Box(-1, 1, (4,))}, "is a gymnasium.spaces.box.Box; expected one of blendgym"),
        ({"parameters": [1]}, "parameters is [1]; expected a ParameterSpace"),
        ({"parameters": BOUND_TO_NOTHING}, "'push' changes the attribute 'force_skale', which the task does not have"),
        ({"return_range": (1.0, 0.0)}, "return_range is (1.0, 0.0); expected the lowest and the highest"),
        ({"return_range": 5}, "return_range is 5;"),
        ({"success_return": None, "return_range": "ab"}, "return_range is 'ab'"),
        ({"observation_scale": (1.0, 2.0)}, "observation_scale"),
        ({"observation_scale": -1.0}, "observation_scale is -1.0; expected a number above 0"),
        ({"templates": "Crate"}, "templates is 'Crate'; expected a tuple of names of objects"),
        ({"templates": (3,)}, "templates is (3,); expected a tuple of names"),
        ({"templates": ("Crate",)}, "The method layout() is missing"),
        ({"layout": lambda self, rng: []}, "layout() is never asked; templates has to name"),
        ({"sub_steps": 20}, "'sub_steps' has no effect; it is called 'substeps'"),
        ({"Camera": "Left"}, "'Camera' has no effect; it is called 'camera'"),
    ],
)
def test_a_wrong_attribute_is_told_with_what_was_expected(attributes, message):
    assert message in faults_of(**attributes)


def test_everything_that_is_missing_is_told_at_once():
    message = faults_of(Task, controlrate=50.0, action_space=Cartpole(action_type="discrete").action_space)
    for attribute in ("'scene' is missing", "'control_rate' is missing", "'observation_space' is missing"):
        assert attribute in message
    assert "'action_space' is missing" not in message
    assert "'controlrate' looks like it" in message
    for method in ("bind", "reset", "apply", "observe", "outcome"):
        assert f"The method {method}() is missing" in message
    assert message.startswith("Task 'own:Own' has 8 faults:\n  - ")


@pytest.mark.parametrize(
    "attributes",
    [{"substeps": np.int64(4)}, {"control_rate": 50}, {"observation_scale": 2}, {"scene": Path("x.blend")}],
)
def test_what_means_the_same_is_taken(attributes):
    check_task(type("Own", (Cartpole,), attributes)(), Task, "own:Own")


def test_nothing_is_launched_for_a_task_that_is_wrong(make_env):
    with pytest.raises(InvalidTask, match="control_rate is -5"):
        make_env("faulty_tasks:Backwards")


def test_an_action_is_a_single_array_and_no_dict():
    message = faults_of(Pendulum, action_space=Dict({"left": Discrete(2), "right": Discrete(2)}))
    assert "action_space is a blendgym.spaces.Dict; expected one of blendgym.spaces: Box, Discrete" in message


def test_a_vector_that_the_task_keeps_in_too_few_numbers_is_told():
    push = VectorParameter(name="push", unit="N", nominal=(0, 0, 0), low=-1, high=1, binding=TaskAttribute("push"))
    message = faults_of(parameters=ParameterSpace(push), push=(0.0, 0.0))
    assert "'push[2]' changes element 2 of the attribute 'push', which holds 2 numbers" in message
    assert "push[1]" not in message
