"""What is marked in a ``.blend`` is read from the file alone, and is what tasks declare."""

from __future__ import annotations

import contextlib
import importlib
import json

import gymnasium as gym
import pytest
from blender_session import BlenderSession
from executables import NAMED, version_line
from hypothesis import given
from hypothesis import strategies as st

from blendgym.errors import InvalidMarks, SceneNotFound
from blendgym.marks import MarkedMotor, MarkedParameter, Marks, marked_parameters, read_marks
from blendgym.marks.blend_file import scene_text
from blendgym.marks.marks import decode, encode
from blendgym.parameters import LogUniform, Mass, Material, Normal, Uniform

SAVE = """
bpy.ops.wm.read_factory_settings()
other = bpy.data.scenes.new("Other")
other["blendgym"] = "of another scene"
opened = bpy.data.scenes["Scene"]
opened["first"], opened["group"] = 1, {"blendgym": "deeper"}
if text is not None:
    opened["blendgym"] = text
bpy.ops.wm.save_as_mainfile(filepath=file, compress=compress)
"""

BALL = """
from blendgym.scenes import bodies, cameras, materials, meshes
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
bodies.world(scene)
bodies.add(scene, meshes.sphere(scene, "Ball", 0.1, materials.plain("Ball", (0.8, 0.2, 0.1))), "SPHERE", mass=0.5)
cameras.perspective(scene, "Camera", (0.0, -4.0, 3.0), target=(0.0, 0.0, 0.3), field_of_view=0.8)
scene["blendgym"] = text
bpy.ops.wm.save_as_mainfile(filepath=file)
"""

FALLING = """
from pathlib import Path
from blendgym.marks import marked_parameters
from blendgym.scenario import Scenario
class Falling(Scenario):
    scene = "ball.blend"
    parameters = marked_parameters(Path(__file__).with_name("ball.blend"))
    def sample(self, world, rng):
        assert world.body("Ball").mass != 0.5
"""

MASS = MarkedParameter(
    name="ball.mass", unit="kg", nominal=0.5, low=0.2, high=2.0, prior=LogUniform(), binding="Mass", of={"body": "Ball"}
)
MARKS = Marks(parameters=(MASS,), motors=(MarkedMotor(name="Drive", most=2.5),))

numbers = st.floats(-1e6, 1e6)
names = st.text(max_size=20)
priors = st.just(Uniform()) | st.builds(Normal, mean=st.just(0.0), standard_deviation=st.floats(1e7, 1e8))


@pytest.fixture(scope="module")
def blender():
    with contextlib.closing(BlenderSession()) as session:
        yield session


@pytest.fixture
def saved(blender, tmp_path):
    def save(text, compress=False):
        file = tmp_path / "marked.blend"
        blender.run(SAVE, text=text, file=str(file), compress=compress)
        return file

    return save


@pytest.fixture(scope="module")
def contents(blender, tmp_path_factory):
    """A small file, as it is and compressed."""
    folder = tmp_path_factory.mktemp("contents")
    for compress in (False, True):
        file = folder / f"{compress}.blend"
        blender.run(SAVE, text=encode(MARKS), file=str(file), compress=compress)
    return [file.read_bytes() for file in folder.iterdir()]


@pytest.mark.parametrize("compress", [False, True])
def test_the_marks_are_those_of_the_scene_that_the_file_opens_with(saved, compress):
    assert read_marks(saved(encode(MARKS), compress)) == MARKS


def test_a_file_without_marks_has_no_parameters(saved):
    assert read_marks(saved(None)) == Marks()
    assert len(marked_parameters(saved(None))) == 0


def test_a_property_that_is_no_text_is_no_mark(blender, saved):
    file = saved(None)
    blender.run("bpy.context.scene['blendgym'] = 7; bpy.ops.wm.save_mainfile()")
    assert scene_text(file, "blendgym") is None


def test_what_is_marked_is_what_a_task_declares(saved):
    (parameter,) = marked_parameters(saved(encode(MARKS))).values()
    assert (parameter.binding, parameter.low, parameter.high) == (Mass("Ball"), 0.2, 2.0)
    assert parameter.prior == LogUniform()


def test_an_environment_is_randomized_as_its_file_says(blender, tmp_path, monkeypatch):
    blender.run(BALL, text=encode(MARKS), file=str(tmp_path / "ball.blend"))
    (tmp_path / "falling_ball.py").write_text(FALLING)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    env = gym.make("blendgym:BlendCartpole-v0", task="falling_ball:Falling", randomize="all")
    with contextlib.closing(env):
        in_effect = [env.reset(seed=seed)[1]["params"]["ball.mass"] for seed in range(3)]
    assert len({round(mass, 6) for mass in in_effect}) == 3
    assert all(0.2 <= mass <= 2.0 for mass in in_effect)


@pytest.mark.parametrize("program", [name for name in NAMED if version_line(name).startswith("Python")])
def test_files_of_other_versions_of_blender_are_read_too(program, tmp_path):
    with contextlib.closing(BlenderSession(program)) as other:
        for compress in (False, True):
            file = tmp_path / f"{compress}.blend"
            other.run(SAVE, text=encode(MARKS), file=str(file), compress=compress)
            assert read_marks(file) == MARKS


@given(name=names, low=numbers, width=st.floats(1.0, 1e6), prior=priors, most=st.floats(1e-9, 1e9), thing=names)
def test_any_marks_survive_the_file(name, low, width, prior, most, thing):
    marks = Marks(
        parameters=(
            MarkedParameter(
                name=f"p.{name}", unit=name, nominal=low + width / 2, low=low, high=low + width, group="visual",
                prior=prior, binding="Material", of={"material": thing, "number": "hue"},
            ),
        ),
        motors=(MarkedMotor(name=name, drives="torque", most=most),),
    )  # fmt: skip
    again = decode(encode(marks), "a text")
    assert again == marks
    assert again.parameters[0].bound() == Material(thing, "hue")


@given(data=st.data())
def test_a_damaged_file_is_refused_or_read_but_breaks_nothing(contents, tmp_path_factory, data):
    content = bytearray(data.draw(st.sampled_from(contents), label="content"))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.getbasetemp() / "damaged.blend"
    file.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with contextlib.suppress(SceneNotFound):
        assert isinstance(scene_text(file, "blendgym"), str | None)


@pytest.mark.parametrize("content", [b"", b"no file of Blender", b"BLENDER-v405", b"\x28\xb5\x2f\xfd rubbish"])
def test_what_is_no_file_of_blender_is_told(tmp_path, content):
    file = tmp_path / "scene.blend"
    file.write_bytes(content)
    with pytest.raises(SceneNotFound, match=r"scene\.blend' cannot be read: .*save it once more in Blender"):
        read_marks(file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "have the format 2; this blendgym reads and writes format 1. They stay as they are"),
        ({"format": None}, "cannot be read"),
        ({"parameters": [{}]}, r"missing required field `name` - at `\$.parameters\[0\]`"),
        ({"parameters": "more"}, "Expected `array`"),
        ({"colour": 1}, "unknown field `colour`"),
        ({"motors": [{"name": "Drive", "most": -1.0}]}, "Motor 'Drive' has at most -1"),
        ({"motors": [{"name": "Drive"}, {"name": "Drive"}]}, "Motors are marked twice: Drive"),
    ],
)
def test_marks_that_cannot_be_read_are_told_and_stay(change, message):
    text = json.dumps(json.loads(encode(MARKS)) | change)
    with pytest.raises(InvalidMarks, match=message):
        decode(text, "'x.blend'")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"low": 3.0}, "low <= nominal <= high"),
        ({"prior": {"prior": "log_uniform"}, "low": 0.0}, "needs low > 0"),
        ({"binding": "Charm"}, "'Charm', which marks have not"),
        ({"of": {"body": 7}}, "Expected `str`, got `int`"),
        ({"of": {"corpus": "Ball"}}, "it has no corpus"),
        ({"binding": "Light", "of": {"light": "Sun", "number": "mass"}}, "Invalid enum value 'mass'"),
        ({"name": "dynamics"}, "Parameters have the names of groups"),
    ],
)
def test_a_parameter_that_cannot_be_is_told(change, message):
    plain = json.loads(encode(MARKS))
    plain["parameters"][0] |= change
    with pytest.raises(InvalidMarks, match=message):
        decode(json.dumps(plain), "'x.blend'")


def test_a_name_that_is_marked_twice_is_told():
    plain = json.loads(encode(MARKS))
    plain["parameters"] *= 2
    with pytest.raises(InvalidMarks, match="declared twice: ball.mass"):
        decode(json.dumps(plain), "'x.blend'")
