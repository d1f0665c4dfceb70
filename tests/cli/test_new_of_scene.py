"""A scene that is marked becomes an environment from the command line, as by the button of the add-on."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys

import pytest
from blender_session import BlenderSession
from command_line import blendgym
from PIL import Image

from blendgym.cli.new import new
from blendgym.errors import SceneNotFound
from blendgym.marks import MarkedMotor, MarkedParameter, Marks
from blendgym.marks.marks import encode
from blendgym.parameters import LogUniform

MASS = MarkedParameter(
    name="puck.mass", unit="kg", nominal=0.5, low=0.2, high=2.0, prior=LogUniform(), binding="Mass", of={"body": "Puck"}
)
GONE = MarkedParameter(
    name="ball.mass", unit="kg", nominal=0.5, low=0.2, high=2.0, prior=LogUniform(), binding="Mass", of={"body": "Ball"}
)
DRIVE = MarkedMotor(name="Drive", most=2.5)

MARK = """
from blendgym.scenes import bodies, cameras, constraints, materials, meshes
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
bodies.world(scene)
grey = materials.plain("Grey", (0.2, 0.2, 0.2))
puck, rail = meshes.cylinder(scene, "Puck", 0.1, 0.1, grey), meshes.box(scene, "Rail", (4.0, 0.1, 0.02), grey)
rail.location.z = -0.06
bodies.add(scene, rail, "BOX")
bodies.add(scene, puck, "CYLINDER", mass=0.5)
constraints.slider(scene, "Slide", (rail, puck))
constraints.motor(scene, "Drive", (rail, puck), collide=False)
cameras.perspective(scene, "Eye", (0.0, -4.0, 1.5), target=(0.0, 0.0, 0.0), field_of_view=0.8)
bpy.data.images.load(stone).use_fake_user = True
scene["blendgym"] = text
bpy.ops.wm.save_as_mainfile(filepath=file)
bpy.ops.file.make_paths_relative()
bpy.ops.wm.save_mainfile()
"""

PUSH = """
import gymnasium as gym
env = gym.make("marked_puck:MarkedPuck-v0", randomize=["puck.mass"])
(start, _), info = env.reset(seed=0)
for _ in range(10):
    (moved, _), *_ = env.step(env.action_space.high)
print(round(float(moved - start) * info["params"]["puck.mass"], 2), env.unwrapped.task.camera)
env.close()
"""


@pytest.fixture(scope="module")
def blender():
    with contextlib.closing(BlenderSession()) as session:
        yield session


@pytest.fixture(scope="module")
def home(blender, tmp_path_factory):
    """A folder with a marked scene, which has a picture beside it."""
    home = tmp_path_factory.mktemp("home")
    Image.new("RGB", (4, 4)).save(home / "stone.png")
    blender.run(
        MARK,
        file=str(home / "drawn.blend"),
        stone=str(home / "stone.png"),
        text=encode(Marks(parameters=(MASS,), motors=(DRIVE,))),
    )
    return home


@pytest.fixture(scope="module")
def told(home):
    """What is told when its environment is made."""
    before = (home / "drawn.blend").read_bytes()
    told = blendgym("new", "marked_puck", "--scene", "drawn.blend", cwd=home).stdout
    assert (home / "drawn.blend").read_bytes() == before
    return told


def test_it_moves_by_what_was_marked(home, told):
    assert "blendgym check marked_puck:MarkedPuck-v0" in told
    assert "blendgym train marked_puck:MarkedPuck-v0" in told
    done = subprocess.run([sys.executable, "-c", PUSH], capture_output=True, text=True, check=True, cwd=home)
    impulse, camera = done.stdout.split()
    force, seconds = 2.5, 10 / 20
    assert (float(impulse), camera) == (pytest.approx(force * seconds**2 / 2, abs=0.02), "Eye")


def test_what_is_in_the_way_of_running_is_told(home, blender):
    text = encode(Marks(parameters=(GONE,), motors=(DRIVE,)))
    blender.run(MARK, file=str(home / "torn.blend"), stone=str(home / "stone.png"), text=text)
    told = blendgym("new", "torn_puck", "--scene", "torn.blend", cwd=home).stdout
    assert "Mend its scene.blend before you run it" in told
    assert re.search(r"! .*'ball\.mass'", told)


def test_of_a_scene_that_nobody_acts_in_pictures_are_taken(home, blender):
    marks = {"still": Marks(), "varied": Marks(parameters=(MASS,))}
    told = {}
    for name, each in marks.items():
        blender.run(MARK, file=str(home / f"{name}.blend"), stone=str(home / "stone.png"), text=encode(each))
        told[name] = blendgym("new", f"{name}_room", "--scene", f"{name}.blend", cwd=home).stdout
        assert "blendgym train" not in told[name]
    assert "blendgym record -o pictures varied_room:VariedRoom-v0" in told["varied"]
    assert ["all samples are alike" in each for each in told.values()] == [True, False]


def test_pictures_that_lie_beside_it_are_found_from_the_copy(home, told, blender):
    found = blender.run(
        "bpy.ops.wm.open_mainfile(filepath=file)\nanswer = bpy.path.abspath(bpy.data.images['stone.png'].filepath)",
        file=str(home / "marked_puck" / "scene.blend"),
    )
    assert found.replace("marked_puck/../", "") == str(home / "stone.png")


def test_a_file_that_is_no_scene_is_refused_and_leaves_nothing(home, monkeypatch):
    monkeypatch.chdir(home)
    (home / "text.blend").write_text("no scene")
    for scene in ("text.blend", "nowhere.blend", "stone.png"):
        with pytest.raises(SceneNotFound):
            new("curling", scene=home / scene)
    assert not (home / "curling").exists()
