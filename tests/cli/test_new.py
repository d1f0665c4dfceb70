"""A new environment runs at once, and is the one that docs/environments.md shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import blendgym

from blendgym.cli.new import new
from blendgym.errors import BlenderNotFound, InvalidOption

PAGE = Path(__file__).parents[2] / "docs" / "environments.md"
FILE = re.compile(r"```python\n# (my_env/\S+)\n(.*?)```", re.DOTALL)
LOOK = """
import gymnasium as gym
env = gym.make("ice_hockey:IceHockey-v0")
print(env.reset(seed=0)[0].tolist(), env.unwrapped.welcome.scene)
env.close()
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    blendgym("new", "my_env", cwd=home)
    return home


def python(*arguments, cwd):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=cwd)


def test_the_documentation_shows_it_as_it_is(home):
    shown = dict(FILE.findall(PAGE.read_text()))
    modules = [file for file in (home / "my_env").rglob("*.py") if file.parent.name + file.name != "tests__init__.py"]
    assert shown == {str(file.relative_to(home)): file.read_text() for file in modules}


def test_its_page_shows_the_table_that_was_made_from_the_declaration(home):
    page = blendgym("list", "my_env:MyEnv-v0", "--markdown", cwd=home).stdout
    assert page.startswith("# MyEnv-v0\n")
    assert "| `puck.mass` | kg | 0.5 | 0.2 | 2 | Mass of the puck |" in page


def test_its_tests_pass_and_it_conforms(home):
    done = python("-P", "-m", "pytest", "-q", "my_env", "-p", "no:cacheprovider", cwd=home)
    assert re.search(r"^2\d passed", done.stdout, re.MULTILINE), done.stdout


def test_its_tests_fail_if_the_puck_is_heavier_than_it_says(home, tmp_path):
    blendgym("new", "heavy", cwd=tmp_path)
    task = tmp_path / "heavy" / "task.py"
    task.write_text(task.read_text().replace("* float(action[0])", "* float(action[0]) / 2"))
    done = python("-P", "-m", "pytest", "-q", "heavy", "-k", "steady", "-p", "no:cacheprovider", cwd=tmp_path)
    assert "2 failed" in done.stdout


def test_it_is_trained_by_its_recipe_and_evaluated_from_its_run_folder(home):
    blendgym("train", "my_env:MyEnv-v0", "--steps", 64, "--output", "runs", cwd=home)
    (run,) = (home / "runs").iterdir()
    blendgym("evaluate", run, "--episodes", 1, cwd=home)
    assert (run / "evaluation.json").exists()


def test_one_with_a_scene_to_edit_is_the_same_environment(home):
    blendgym("new", "ice_hockey", "--blend", cwd=home)
    assert not (home / "ice_hockey" / "scene.py").exists()
    edited = python("-c", LOOK, cwd=home).stdout
    built = python("-c", LOOK.replace("ice_hockey", "my_env").replace("IceHockey", "MyEnv"), cwd=home).stdout
    assert edited.split("]")[0] == built.split("]")[0] != ""
    assert edited.split()[-1] == "scene.blend"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("my_env", "'my_env' exists already, and is not overwritten"),
        ("random", "There is a module 'random' already"),
        ("bpy", "There is a module 'bpy' already"),
        ("spread", "There is a module 'spread' already, .*elsewhere/spread"),
        ("My-Env", "cannot be the name of a package"),
        ("class", "cannot be the name of a package"),
        ("../my_env", "cannot be the name of a package"),
        ("blend_cartpole", "There is an environment 'BlendCartpole-v0' already"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_changes(home, tmp_path, monkeypatch, name, message):
    (tmp_path / "elsewhere" / "spread").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path / "elsewhere")
    monkeypatch.chdir(home)
    before = sorted(home.rglob("*"))
    with pytest.raises(InvalidOption, match=message):
        new(name)
    assert sorted(home.rglob("*")) == before


def test_what_fails_on_the_way_leaves_nothing_behind(home, monkeypatch):
    monkeypatch.chdir(home)
    with pytest.raises(BlenderNotFound, match="no program that can be run"):
        new("curling", blend=True, blender="/no/such/blender")
    assert not (home / "curling").exists()
