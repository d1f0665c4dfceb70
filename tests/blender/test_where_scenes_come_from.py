"""A scene lies beside its task, as a module of any name or a ``.blend``, or in a package of its own."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from blendgym.errors import SceneNotFound, TaskNotFound
from blendgym.task import task_class

TASK = """
from pathlib import Path
import numpy as np
from blendgym.spaces import Box
from blendgym.task import Outcome, Task

class Look(Task):
    scene, control_rate = {scene}, 20.0
    action_space, observation_space = Box(-1.0, 1.0, shape=(1,)), Box(0, 99, shape=(1,))
    def bind(self, world): self.objects = world.scene.objects
    def reset(self, world, rng): pass
    def apply(self, action): pass
    def observe(self): return np.full(1, len(self.objects), np.float32)
    def outcome(self, observation): return Outcome(0.0, False)
"""
SCENE = '''
import bpy

def build(scene):
    """So many cubes and a camera."""
    for number in range({count}):
        cube = bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube"))
        cube.data.from_pydata([(number, 0, 0), (number + 0.5, 0, 0), (number, 0, 0.5)], [], [(0, 1, 2)])
        scene.collection.objects.link(cube)
    scene.camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    scene.camera.location, scene.camera.rotation_euler = (0, -5, 0), (1.5708, 0, 0)
    scene.collection.objects.link(scene.camera)
'''
SAVE = """
import bpy
bpy.ops.wm.save_as_mainfile(filepath="{file}")
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of a user, from which modules are imported; the tasks in it get names that no other test uses."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def objects_seen(make_env, task, **arguments):
    return make_env(task, **arguments).reset(seed=0)[0].tolist()


@pytest.mark.parametrize("name", ["my_scene", "scene", "random", "bpy_extras", "scenes", "msgspec"])
def test_a_module_beside_the_task_may_have_any_name(make_env, folder, name):
    (folder / "looking.py").write_text(TASK.format(scene=repr(name)))
    (folder / f"{name}.py").write_text(SCENE.format(count=3))
    assert objects_seen(make_env, "looking:Look") == [4.0]


def test_a_module_in_the_package_of_the_task_is_its_neighbour(make_env, folder):
    (folder / "robots" / "kitchen").mkdir(parents=True)
    (folder / "robots" / "__init__.py").touch()
    (folder / "robots" / "kitchen" / "__init__.py").write_text(SCENE.format(count=2))
    (folder / "robots" / "looking.py").write_text(TASK.format(scene="'kitchen'"))
    (folder / "kitchen.py").write_text("raise RuntimeError('the wrong one')")
    assert objects_seen(make_env, "robots.looking:Look") == [3.0]
    (folder / "robots" / "arms").mkdir()
    (folder / "robots" / "arms" / "__init__.py").write_text(TASK.format(scene="'bench'"))
    (folder / "robots" / "arms" / "bench.py").write_text(SCENE.format(count=4))
    assert objects_seen(make_env, "robots.arms:Look") == [5.0]


def test_two_tasks_share_a_scene_and_one_that_inherits_it_lies_elsewhere(make_env, folder):
    (folder / "looking.py").write_text(TASK.format(scene="'shared'") + "\nclass Other(Look): pass\n")
    (folder / "shared.py").write_text(SCENE.format(count=1))
    (folder / "heirs").mkdir()
    (folder / "heirs" / "__init__.py").write_text("from looking import Look\nclass Heir(Look): pass\n")
    for task in ("looking:Look", "looking:Other", "heirs:Heir"):
        assert objects_seen(make_env, task) == [2.0]


def test_a_room_of_the_suite_lends_its_scene(make_env, folder):
    (folder / "looking.py").write_text(TASK.format(scene="'cartpole'"))
    assert objects_seen(make_env, "looking:Look")[0] > 3.0


def test_a_dotted_name_is_that_of_any_module(make_env, folder):
    (folder / "rooms").mkdir()
    (folder / "rooms" / "hall.py").write_text(SCENE.format(count=5))
    (folder / "looking.py").write_text(TASK.format(scene="'rooms.hall'"))
    assert objects_seen(make_env, "looking:Look") == [6.0]


def test_a_name_that_begins_with_dots_is_relative_to_the_package_of_the_task(make_env, folder):
    (folder / "houses" / "tasks").mkdir(parents=True)
    (folder / "houses" / "tasks" / "looking.py").write_text(TASK.format(scene="'..halls.large'"))
    (folder / "houses" / "halls").mkdir()
    (folder / "houses" / "halls" / "large.py").write_text(SCENE.format(count=6))
    assert objects_seen(make_env, "houses.tasks.looking:Look") == [7.0]


@pytest.mark.parametrize(
    "scene", ["'files/hall.blend'", "Path('files/hall.blend')", "Path(__file__).parent / 'files/hall.blend'"]
)
def test_a_path_is_relative_to_the_file_of_the_task(make_env, folder, monkeypatch, scene):
    (folder / "files").mkdir()
    subprocess.run(
        [sys.executable, "-c", SAVE.format(file=folder / "files" / "hall.blend")], check=True, capture_output=True
    )
    (folder / "looking.py").write_text(TASK.format(scene=scene))
    monkeypatch.chdir("/")
    assert objects_seen(make_env, "looking:Look") == [3.0]  # Blender's own cube, light and camera.


def test_a_scene_without_physics_is_stepped_and_looked_at(make_env, folder):
    (folder / "looking.py").write_text(TASK.format(scene="'flat'"))
    (folder / "flat.py").write_text(SCENE.format(count=1))
    env = make_env("looking:Look", obs_type="rgb")
    first, _ = env.reset(seed=0)
    second, *_ = env.step(np.zeros(1, np.float32))
    assert first.shape == (84, 84, 3)
    assert (first == second).all()
    assert env.capture(passes=("segmentation",)).images["segmentation"].max() == 1


@pytest.mark.parametrize(
    ("scene", "message"),
    [
        ("'nowhere'", "Scene 'nowhere' of Look is no module beside it (looked for "),
        ("'.nowhere'", "Scene '.nowhere' of Look is named from a package in which its task is not"),
        ("'nowhere.blend'", "nowhere.blend' does not exist. Paths are relative to the file of the task."),
        ("'dir.blend'", "dir.blend' is a folder. Paths are relative to the file of the task."),
        ("Path('/no/where.blend')", "Scene file '/no/where.blend' does not exist."),
    ],
)
def test_a_scene_that_is_missing_is_told_before_blender_starts(make_env, folder, scene, message):
    (folder / "looking.py").write_text(TASK.format(scene=scene))
    (folder / "dir.blend").mkdir()
    with pytest.raises(SceneNotFound) as caught:
        make_env("looking:Look")
    assert message in str(caught.value)


@pytest.fixture
def elsewhere(folder, monkeypatch):
    """Another folder, with a package of the name of a mere folder of the user; Python looks there last."""
    (folder / "elsewhere" / "halls").mkdir(parents=True)
    (folder / "elsewhere" / "halls" / "__init__.py").touch()
    (folder / "halls").mkdir()
    (folder / "halls" / "looking.py").write_text(TASK.format(scene="'flat'"))
    (folder / "halls" / "flat.py").write_text(SCENE.format(count=3))
    (folder / "looking.py").write_text(TASK.format(scene="'halls.flat'"))
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder / "elsewhere")])
    return folder / "elsewhere"


OTHERWISE = r"Python takes 'halls' from .*elsewhere/halls/__init__.py, not from .*/halls: {}call it otherwise"


def test_a_task_in_a_folder_that_is_called_like_a_package_elsewhere_is_told_the_cure(folder, elsewhere):
    with pytest.raises(TaskNotFound, match=OTHERWISE.format("put an __init__.py there, or ")):
        task_class("halls.looking:Look")


def test_a_scene_in_such_a_folder_is_told_the_same_and_the_cure_works(make_env, folder, elsewhere):
    with pytest.raises(SceneNotFound, match=OTHERWISE.format("put an __init__.py there, or ")):
        make_env("looking:Look").reset()
    (folder / "halls" / "__init__.py").touch()
    assert objects_seen(make_env, "looking:Look") == [4.0]


def test_a_folder_behind_such_a_package_can_only_be_called_otherwise(folder, elsewhere, monkeypatch):
    monkeypatch.syspath_prepend(str(elsewhere))
    with pytest.raises(TaskNotFound, match=OTHERWISE.format("")):
        task_class("halls.looking:Look")


@pytest.mark.parametrize(
    ("scene", "content", "message"),
    [
        ("'no.such.module'", "", "Scene 'no.such.module' is no module that can be imported: No module named 'no'"),
        ("'empty.py'", "", "A module is named without its ending: 'empty'."),
        ("'empty'", "", "has no function build(scene)"),
    ],
)
def test_a_module_that_is_no_scene_is_named(make_env, folder, scene, content, message):
    (folder / "looking.py").write_text(TASK.format(scene=scene))
    (folder / "empty.py").write_text(content)
    with pytest.raises(SceneNotFound) as caught:
        make_env("looking:Look").reset()
    assert message in str(caught.value)
