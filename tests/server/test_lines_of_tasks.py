"""What a task asks for in vain is told with the line that asks for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blendgym.errors import SceneError, TaskError

TASKS = (Path(__file__).parent.parent / "helpers" / "faulty_tasks.py").read_text().splitlines()


def test_a_joint_that_is_missing_is_told_with_the_line_that_looks_it_up(make_env):
    with pytest.raises(SceneError, match="no joint 'Elbow'") as caught:
        make_env("faulty_tasks:MissingBody").reset(seed=0)
    line = re.search(r"\(MissingBody\.bind\(\), faulty_tasks\.py, line (\d+)\)$", str(caught.value))
    assert line, str(caught.value)
    assert 'world.joint("Elbow")' in TASKS[int(line[1]) - 1]


def test_an_observation_that_is_missing_is_told_in_words(make_env):
    with pytest.raises(TaskError, match=r"observe\(\) returned None; its observation_space is float32"):
        make_env("faulty_tasks:Silent").reset(seed=0)


def test_lines_are_those_of_authors_and_not_of_the_classes_that_they_derive_from(make_env):
    with pytest.raises(TaskError, match="did not return the label 'count'") as caught:
        make_env("scenarios:Saying", said="{'place': [0.0, 0.0]}").reset(seed=0)
    assert "scenario.py, line" not in str(caught.value)
