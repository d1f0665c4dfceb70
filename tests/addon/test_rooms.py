"""The open scene is checked as it is, and becomes an environment that runs at once."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys

import gymnasium as gym
import pytest

MARK = """
select("Puck")
click.mark_parameter(quantity="Mass Puck")
select("Sun")
click.mark_parameter(quantity="Light Sun strength")
select("Drive")
click.mark_motor(drives="force", most=2.0)
"""

BALLS = """
from blendgym.scenes import bodies, meshes
for place in (1.0, 2.0):
    ball = meshes.sphere(scene, "Ball", 0.1, bpy.data.materials["Red"], location=(place, 0.0, 1.0))
    bodies.add(scene, ball, "SPHERE", mass=0.2)
scene.objects["Slide"].rigid_body_constraint.limit_lin_x_lower = -0.02
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.fixture
def write(click, home):
    """Writes an environment of the marked scene, after some more changes."""

    def write(name, more=""):
        click(f"{MARK}{more}\nclick.write_room(directory=folder, name=name)", folder=str(home), name=name)
        importlib.invalidate_caches()
        return name

    return write


def test_what_is_written_is_an_environment_whose_parameters_are_those_marked(write):
    env = gym.make(f"{write('marked_puck')}:MarkedPuck-v0", randomize="all")
    observation, info = env.reset(seed=0)
    assert set(info["params"]) == {"puck.mass", "sun.strength"}
    assert 0.25 <= info["params"]["puck.mass"] <= 1.0
    assert info["params"]["puck.mass"] != 0.5
    assert -0.1 <= observation[0] <= 0.1
    for _ in range(10):
        moved, reward, *_ = env.step(env.action_space.high)
    seconds, acceleration = 10 / 20, 2.0 / info["params"]["puck.mass"]
    assert moved == pytest.approx(
        [observation[0] + acceleration * seconds**2 / 2, acceleration * seconds], rel=0.05, abs=0.02
    )
    assert reward == pytest.approx(-abs(moved[0]))
    env.close()


def test_its_own_tests_run_and_pass(write, home):
    name = write("tested_puck")
    some = ["-k", "docstring or parameter or loads"]  # All of them take ten seconds.
    command = [sys.executable, "-P", "-m", "pytest", "-q", name, *some, "-p", "no:cacheprovider"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=home)
    assert re.search(r"^\d passed", done.stdout, re.MULTILINE), done.stdout


def test_a_scene_with_findings_is_written_with_a_warning(click, home):
    told = click(
        MARK + "scene.objects['Sun'].name = 'Lamp'\nanswer = list(click.write_room(directory=folder, name='warned'))",
        folder=str(home),
    )
    assert told == ["FINISHED"]
    assert (home / "warned" / "task.py").exists()


def test_bodies_without_a_joint_are_observed_and_joints_begin_within_their_limits(write, home):
    env = gym.make(f"{write('more_bodies', BALLS)}:MoreBodies-v0")
    starts = [env.reset(seed=seed)[0] for seed in range(8)]
    assert all(start.shape == (2 + 2 * 6,) for start in starts)
    assert all(-0.02 <= start[0] <= 0.1 for start in starts)
    assert all(abs(start[2:]).max() == 0 for start in starts)
    falling, *_ = env.step(env.action_space.low)
    assert falling[4] < 0
    assert 'BODIES = ("Ball", "Ball.001")' in (home / "more_bodies" / "task.py").read_text().replace("'", '"')
    env.close()


def test_a_scene_in_which_nothing_acts_becomes_a_scenario(write):
    write("still_life", "click.remove_motor(name='Drive')")
    env = gym.make("still_life:StillLife-v0", randomize="all")
    assert env.reset(seed=1)[1]["params"]["sun.strength"] != 2.6
    env.close()


@pytest.mark.parametrize(
    ("name", "more", "message"),
    [
        ("My Env", "", "'My Env' cannot be the name of a package"),
        ("class", "", "'class' cannot be the name"),
        (
            "lost",
            "bpy.data.objects.remove(scene.objects['Drive'])",
            "'Drive' is to act by a force, which the scene has",
        ),
        ("blind", "bpy.data.objects.remove(scene.objects['Camera'])", "The scene has no camera"),
        ("there", "import os; os.mkdir(folder + '/there')", "there' exists already, and is not overwritten"),
    ],
)
def test_what_cannot_be_written_is_told_and_nothing_is_left(click, home, name, more, message):
    told = click(
        f"{MARK}{more}\nanswer = refused(click.write_room, directory=folder, name=name)", folder=str(home), name=name
    )
    assert message in told
    assert not [file for file in home.rglob("*") if file.is_file()]


def test_a_folder_that_is_not_there_is_told(click):
    assert "There is no folder '/no/such'" in click(
        "answer = refused(click.write_room, directory='/no/such', name='my_env')"
    )


def test_a_check_finds_what_inspect_finds_and_what_is_wrong_with_marks_and_selects_it(click, home):
    found, selected, unchanged, clean = click(
        MARK
        + """
from blendgym.addon.room_operators import CheckScene
bpy.ops.wm.save_as_mainfile(filepath=file)
scene.objects["Sun"].name = "Lamp"
scene.objects["Drive"].rigid_body_constraint.object2 = None
before = sorted((obj.name, obj.rigid_body and obj.rigid_body.kinematic, tuple(obj.location)) for obj in scene.objects)
click.check()
found = [list(finding) for finding in CheckScene.found]
after = sorted((obj.name, obj.rigid_body and obj.rigid_body.kinematic, tuple(obj.location)) for obj in scene.objects)
click.select(name="Drive")
selected = [obj.name for obj in bpy.context.view_layer.objects.selected], bpy.context.view_layer.objects.active.name
scene.objects["Lamp"].name = "Sun"
scene.objects["Drive"].rigid_body_constraint.object2 = scene.objects["Puck"]
click.check()
answer = found, selected, before == after, CheckScene.found
""",
        file=str(home / "checked.blend"),
    )
    assert [thing for _, thing in found] == ["", "Drive"]
    assert "'sun.strength' changes the light 'Sun', which is not there" in found[0][0]
    assert "Rigid-body constraint 'Drive' needs a first and a second object" in found[1][0]
    assert selected == [["Drive"], "Drive"]
    assert unchanged
    assert clean == []
