"""Rooms are found by looking, hold together, and cost nothing until they are entered."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from suite import SUITE

import blendgym
from blendgym.agents.recipes import recipe_for, recipes_of
from blendgym.cli.list import overview, page_of
from blendgym.errors import InvalidOption
from blendgym.registry import Room, register_rooms, room_of, rooms
from blendgym.spaces import Discrete
from blendgym.task import make_task
from blendgym.twins.making import make_twin

ROOT = Path(__file__).parents[2]

ROOM = """
from blendgym.registry import Room
ROOM = Room(__name__, id="Found{name}-v0", task="Found", max_episode_steps=7)
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with two rooms, one of them with a twin, and with two things that are none."""
    monkeypatch.syspath_prepend(tmp_path)
    home = tmp_path / "found_rooms"
    for name in ("first", "second", "shared"):
        (home / name).mkdir(parents=True)
        (home / name / "__init__.py").write_text("" if name == "shared" else ROOM.format(name=name.capitalize()))
        (home / name / "task.py").write_text("raise RuntimeError('nobody has asked for the task')")
    (home / "__init__.py").write_text("")
    (home / "helpers.py").write_text("raise RuntimeError('no package is no room')")
    (home / "second" / "twin.py").write_text("raise RuntimeError('nobody has asked for the twin')")
    return home.name


def test_every_folder_of_the_suite_is_a_room():
    folders = {path.parent.name for path in (ROOT / "envs").glob("*/task.py")}
    assert {room.package for room in SUITE} == {f"blendgym.envs.{folder}" for folder in folders}


def test_rooms_are_found_where_they_lie_and_nothing_of_them_is_imported(package):
    register_rooms(package)
    assert gym.spec("FoundFirst-v0").kwargs == {"task": f"{package}.first.task:Found"}
    assert gym.spec("FoundFirst-v0").max_episode_steps == 7
    assert room_of(f"{package}:FoundSecond-v0") == Room(f"{package}.second", "FoundSecond-v0", "Found", 7)
    assert gym.spec("FoundSecondTwin-v0").kwargs["twin"] == f"{package}.second.twin:FoundTwin"
    with pytest.raises(gym.error.NameNotFound):
        gym.spec("FoundFirstTwin-v0")


VARIED = """
from blendgym.registry import Room
SMALL = {"VariedSmall-v1": {"size": 1, "b": 0}}
ROOM = Room(__name__, "Varied-v1", "Found", 7, arguments={"size": 2, "c": 3}, variants=SMALL)
"""


def test_a_room_has_arguments_and_further_ids_and_so_has_its_twin(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    room = tmp_path / "varied_rooms" / "varied"
    room.mkdir(parents=True)
    for file, text in ((room / "__init__.py", VARIED), (room / "twin.py", ""), (room.parent / "__init__.py", "")):
        file.write_text(text)
    register_rooms("varied_rooms")
    task = "varied_rooms.varied.task:Found"
    assert gym.spec("Varied-v1").kwargs == {"task": task, "size": 2, "c": 3}
    assert gym.spec("VariedSmall-v1").kwargs == {"task": task, "size": 1, "c": 3, "b": 0}
    twin = gym.spec("VariedSmallTwin-v1")
    assert twin.kwargs == {"task": task, "size": 1, "c": 3, "b": 0, "twin": "varied_rooms.varied.twin:FoundTwin"}
    assert twin.max_episode_steps == gym.spec("VariedSmall-v1").max_episode_steps == 7
    assert room_of("VariedSmall-v1") == room_of("Varied-v1")
    assert "VariedSmall-v1" not in rooms()


PICTURED = """
from blendgym.registry import Room
ROOM = Room(__name__, "Pictured-v0", "Shown", 7)
"""
SHOWN = """
from blendgym.task import Task
class Shown(Task):
    "A thing to look at."
"""


def test_the_page_of_a_room_begins_with_the_pictures_that_it_has(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    room = tmp_path / "pictured_rooms" / "pictured"
    (room / "images").mkdir(parents=True)
    for file, text in ((room / "__init__.py", PICTURED), (room / "task.py", SHOWN), (room.parent / "__init__.py", "")):
        file.write_text(text)
    register_rooms("pictured_rooms")
    assert page_of("Pictured-v0").startswith("# Pictured-v0\n\nA thing")
    (room / "images" / "animation.webp").touch()
    animation = "![An episode of Pictured-v0](images/animation.webp)\n\nA thing"
    assert page_of("Pictured-v0").startswith(f"# Pictured-v0\n\n{animation}")
    (room / "images" / "picture.png").touch()
    picture = "![A picture of Pictured-v0](images/picture.png)"
    assert page_of("Pictured-v0").startswith(f"# Pictured-v0\n\n{picture}\n{animation}")
    assert page_of("Pictured-v0", pictured=False).startswith("# Pictured-v0\n\nA thing")


def test_the_discrete_cartpole_is_the_cartpole_by_another_id_in_blender_and_as_a_twin():
    discrete, named = gym.make("BlendCartpoleDiscrete-v0"), gym.make("BlendCartpole-v0", action_type="discrete")
    assert discrete.action_space == named.action_space == gym.spaces.Discrete(2)
    twin = gym.make("BlendCartpoleDiscreteTwin-v0")
    assert twin.action_space == gym.spaces.Discrete(2)
    assert recipe_for("BlendCartpoleDiscrete-v0") == recipe_for("BlendCartpole-v0")
    twin_itself = make_twin("BlendCartpoleDiscrete-v0", 2)
    assert twin_itself.task.action_space == Discrete(2)
    for env in (discrete, named):
        env.reset(seed=1)
    np.testing.assert_array_equal(discrete.step(1)[0], named.step(1)[0])
    for env in (discrete, named, twin):
        env.close()


def test_an_environment_that_nobody_has_registered_is_an_error_that_says_what_there_is():
    with pytest.raises(InvalidOption, match="There are .*BlendCartpole-v0, .* as module:Id"):
        room_of("BlendCartwheel-v0")


def test_importing_blendgym_enters_no_room():
    listed = "import sys, blendgym; print(*(name for name in sys.modules if name.startswith('blendgym.envs.')))"
    shown = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True).stdout
    assert set(shown.split()) == {room.package for room in SUITE}


@pytest.mark.parametrize("room", SUITE, ids=lambda room: room.id)
def test_the_readme_of_a_room_is_the_docstring_of_its_task(room):
    readme = ROOT / "envs" / room.package.rpartition(".")[2] / "README.md"
    update = f"blendgym list {room.id} --markdown > {readme.relative_to(ROOT)}"
    assert readme.read_text() == page_of(room.id) + "\n", f"Write it anew: {update}"


def table_of(page, heading, size):
    """The bounds in a table, by index; rows are for ``3``, ``0–15``, ``16, 17`` or, for every i, ``9–11 + 12 i``."""
    bounds, row = {}, r"^\| (\d.*?) \| .*? \| (\S+) \| (\S+) \| .*? \|$"
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    for index, low, high in re.findall(row, section, re.MULTILINE):
        first, _, last = index.partition(" + ")[0].replace(", ", "–").partition("–")
        every = re.search(r"(\d+) i$", index)
        for place in range(int(first), int(last or first) + 1):
            for each in range(place, size, int(every[1])) if every else (place,):
                assert each not in bounds, f"{each} is there twice"
                bounds[each] = float(low), float(high)
    return bounds


@pytest.mark.parametrize("room", SUITE, ids=lambda room: room.id)
def test_the_tables_of_a_room_have_a_row_for_every_number_with_the_bounds_of_the_space(room):
    task = make_task(room.entry_point, {})
    for heading, space in (("Action space", task.action_space), ("Observation space", task.observation_space)):
        told = table_of(page_of(room.id), heading, space.lowest.size)
        assert sorted(told) == list(range(space.lowest.size))
        for place, bounds in told.items():
            declared = space.lowest[place], space.highest[place]
            assert bounds == pytest.approx(declared, abs=1e-3), f"{heading}, {place}"


def test_the_table_of_the_suite_links_every_room_and_the_pictures_that_there_are():
    rows = overview().splitlines()[2:]
    assert len(rows) == len(SUITE)
    for room, row in zip(SUITE, rows, strict=True):
        links = re.findall(r'src="([^"]+)"|\]\(([^)]+)\)', row)
        assert all((ROOT / "docs" / (picture or page)).is_file() for picture, page in links)
        assert len(links) == 1 + (room.folder / "images" / "picture.png").is_file()
        assert f"[{room.id}]" in row


def test_the_page_of_the_suite_has_its_environments_as_they_are():
    page = (ROOT / "docs" / "suite.md").read_text()
    assert overview() in page, "Put there what this prints: blendgym list --markdown"
    for room in SUITE:
        assert page.count(f"**{room.id}**") == 1, "Say there what is special about it"


RECIPES = [(room.id, seen) for room in SUITE for seen in recipes_of(room)]


@pytest.mark.parametrize(("env_id", "seen"), RECIPES)
def test_a_recipe_trains_from_what_it_is_for_whatever_the_room_shows_by_itself(env_id, seen):
    arguments = recipe_for(env_id, seen).env_arguments
    trained = blendgym.describe(env_id, **arguments).observation_space
    assert trained == blendgym.describe(env_id, **{**arguments, "obs_type": seen}).observation_space
