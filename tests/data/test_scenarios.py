"""A scenario is a task without actions: what it declares, what it says about its scenes, and that all else works."""

from __future__ import annotations

import subprocess
import sys
from unittest import SkipTest

import numpy as np
import pytest
from command_line import blendgym
from places import HELPERS
from scenarios import FALLEN, SILENT, Saying
from shared import shared_env

from blendgym.data import Scenario
from blendgym.errors import InvalidTask, TaskError
from blendgym.spaces import Box, Dict, Discrete
from blendgym.task import Task, make_task
from blendgym.testing import SCENARIO_CHECKS, TaskUnderTest, run_checks
from blendgym.testing.task import seed_checks

fallen = shared_env(FALLEN)
"""One environment for all tests that only look at samples."""


def faults_of(**attributes):
    """What is said of a scenario with these attributes."""
    module = type(sys)("odd_scenario")
    module.Odd = type("Odd", (Scenario,), attributes)
    sys.modules["odd_scenario"] = module
    with pytest.raises(InvalidTask) as caught:
        make_task("odd_scenario:Odd", {})
    return str(caught.value)


def said(text):
    """The error that a sample ends with whose author says this about it."""
    with pytest.raises(TaskError) as caught:
        Saying(text).reset(None, None)
    return str(caught.value)


def count_of(env, seed):
    """The label ``count`` of a sample; ``None`` if it is refused."""
    try:
        return int(env.reset(seed=seed)[0]["count"])
    except TaskError:
        return None


def test_it_is_there_without_torch_gymnasium_and_blender():
    code = (
        "import sys; sys.modules['torch'] = sys.modules['gymnasium'] = sys.modules['bpy'] = None\n"
        "from blendgym.data import Scenario; print(Scenario.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "Scenario"


def test_its_labels_come_in_the_dtypes_that_it_declares(fallen):
    labels, info = fallen.reset(seed=0)
    assert {name: (array.dtype.name, array.shape) for name, array in labels.items()} == {
        "crates": ("int64", ()), "highest": ("float32", ()), "tilts": ("uint8", (2,)), "is_high": ("int8", (1,)),
    }  # fmt: skip
    assert labels["crates"] == info["params"]["crates"] == 3
    assert labels["tilts"].tolist() == [0, 255]


def test_a_sample_shows_what_its_labels_say(fallen):
    labels, _ = fallen.reset(seed=0, options={"params": {"crates": 5}})
    seen = fallen.capture(passes=("segmentation",)).objects
    crates = [each for each in seen if each.category == "Crate"]
    assert len(crates) == labels["crates"] == 5
    assert max(each.pose[2, 3] for each in crates) == pytest.approx(float(labels["highest"]), abs=1e-4)


def test_one_without_labels_says_nothing_and_is_seen(make_env):
    env = make_env(SILENT)
    assert env.reset(seed=0)[0] == {}
    assert env.capture(width=64, height=48).images["rgb"].std() > 0
    assert make_env(SILENT, obs_type="rgb").reset(seed=0)[0].shape == (84, 84, 3)


def test_samples_are_the_same_whatever_came_before(make_env):
    env, other = make_env(FALLEN, obs_type="state_rgb"), make_env(FALLEN, obs_type="state_rgb")
    first = [env.reset(seed=seed)[0] for seed in range(3)]
    again = [other.reset(seed=seed)[0] for seed in (2, 1, 0)][::-1]
    assert not np.array_equal(first[0]["rgb"], first[1]["rgb"])
    for one, two in zip(first, again, strict=True):
        assert all(np.array_equal(one[name], two[name]) for name in one)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("None", "did not return the label 'count'"),
        ("7", "Saying.sample() returned 7; expected a dict of its labels: count, place."),
        (
            "{'counts': 2, 'place': (0, 0)}",
            "'counts', which is none of its labels: count, place. Did you",
        ),
        (
            "{'count': 3, 'place': (0, 0)}",
            "a label 'count' that is out of bounds: is 3, allowed are integers",
        ),
        ("{'count': 0.5, 'place': (0, 0)}", "a label 'count' that is float64, expected int64"),
        ("{'count': None, 'place': (0, 0)}", "a label 'count' that is object, expected int64"),
        ("{'count': 0, 'place': 0.0}", "a label 'place' that has the shape (), expected (2,)"),
        ("{'count': 0, 'place': [[1], [1, 2]]}", "a label 'place' that is object, expected float32"),
        ("{'count': 0, 'place': (np.nan, 0)}", "a label 'place' that is out of bounds: element [0] is nan"),
    ],
)
def test_a_wrong_label_is_told_by_its_name(text, message):
    assert message in said(text)


def test_all_labels_that_are_wrong_are_told_at_once():
    told = said("{'count': -1, 'plaice': 0}")
    assert told.startswith("What Saying.sample() returned has 3 faults:")


def test_a_sample_that_fails_harms_no_other(make_env):
    env = make_env("scenarios:Saying", said="{'count': int(6 * rng.random()), 'place': (0, 0)}")
    counts = [count_of(env, seed) for seed in range(8)]
    assert None in counts
    assert {0, 1, 2} & set(counts)
    assert counts[::-1] == [count_of(env, seed) for seed in range(8)[::-1]]


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"labels": Dict({"count": Discrete(3)})}, "labels is Dict("),
        ({"labels": {"count": 3}}, "labels has a builtins.int under 'count'; expected one of blendgym.spaces"),
        ({"labels": {"the count": Discrete(3)}}, "labels names 'the count'; expected letters"),
        ({"Labels": {}}, "The attribute 'Labels' has no effect; it is called 'labels'"),
        ({"templates": ("Crate",)}, "The method layout() is missing; it is described at blendgym.task.Task"),
        ({"views": {"left": {"with": 64}}}, "views has one called 'left' that makes no sense"),
        ({"views": {"left": {"passes": ("rbg",)}}}, "There is no pass 'rbg'"),
        ({"views": {"left side": {}}}, "The name of a view is 'left side'"),
        ({"views": ["left"]}, "views is ['left']; expected arguments of View by the name of each"),
        ({"control_rate": 0}, "control_rate is 0"),
    ],
)
def test_a_wrong_declaration_is_told_with_what_was_expected(attributes, message):
    assert message in faults_of(**attributes)


def test_all_that_is_wrong_with_a_declaration_is_told_at_once():
    told = faults_of(labels={"place": Box}, views={"": {"width": 0}}, camera="")
    for fault in ("'scene' is missing", "sample() is missing; it is described at blendgym.scenario.Scenario", "camera"):
        assert fault in told
    assert told.startswith("Task 'odd_scenario:Odd' has 5 faults:")


@pytest.mark.parametrize("scenario", [FALLEN, pytest.param(SILENT, marks=pytest.mark.long)])
def test_it_conforms(scenario):
    with TaskUnderTest(scenario) as task:
        results = list(run_checks(SCENARIO_CHECKS, task))
    assert [result for result in results if result.failure] == []


def test_one_that_draws_from_another_generator_is_found():
    with (
        TaskUnderTest("scenarios:Unseeded") as task,
        pytest.raises(Exception, match="generator that sample.. is given"),
    ):
        seed_checks.check_the_same_seed_gives_the_same_episode(task)


def test_samples_may_differ_by_their_parameters_alone():
    with TaskUnderTest("reshaping.scenarios:Stretched") as task, pytest.raises(SkipTest, match="parameters alone"):
        seed_checks.check_another_seed_gives_another_episode(task)


def test_the_commands_take_it(tmp_path):
    shown = blendgym("inspect", FALLEN, cwd=HELPERS).stdout
    assert "Crate" in shown
    blendgym("render", FALLEN, "--width", 64, "--height", 48, "-o", tmp_path, "--passes", "rgb", cwd=HELPERS)
    assert (tmp_path / "rgb.png").exists()


def test_it_is_a_task():
    assert issubclass(Saying, Task)


def test_the_file_of_a_scenario_may_import_a_stream_where_there_is_no_gymnasium():
    code = (
        "import sys; sys.modules['gymnasium'] = None\n"
        "from blendgym.data import Recording, Replay, Scenario, Stream, recorded\n"
        "print(Scenario.__name__)\n"
        "Stream(Scenario)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "Scenario\n"
    assert "EnvironmentInServer: Stream is for trainers" in done.stderr
