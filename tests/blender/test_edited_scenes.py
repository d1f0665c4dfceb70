"""A scene is saved as a ``.blend``, edited by hand, and the environment takes place in it."""

from __future__ import annotations

import shutil
import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest
from command_line import blendgym
from full_disk import files_up_to
from gymnasium.envs.registration import EnvSpec
from newer import of_newer_blender
from playback import played
from suite import SUITE_IDS

from blendgym.agents.vec_env import make_vec_env
from blendgym.client.process.errands import run_errand
from blendgym.errors import InvalidOption, SceneError, SceneNotFound, WriteFailed
from blendgym.registry import environment_spec
from blendgym.testing.rollouts import actions_for, bits, rollout

CARTPOLE = "BlendCartpole-v0"
OFTEN = ("BlendAcrobot-v0", "BlendPushT-v0", "BlendStack-v0")
"""Joints, contacts and templates."""

STEPS = 30
ROUNDING = 1e-4
"""In m, and in the elements of rotations: an impact makes much of the last digit of a pose."""

EDIT = """
import bpy
bpy.ops.wm.open_mainfile(filepath="{file}")
things = bpy.data.objects
{edit}
bpy.ops.wm.save_as_mainfile(filepath="{file}", compress=False)
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The scene of an environment, saved as the command says."""
    folder, files = tmp_path_factory.mktemp("scenes"), {}

    def export(env_id):
        if env_id not in files:
            files[env_id] = folder / f"{env_id}.blend"
            blendgym("export-scene", env_id, "-o", files[env_id])
        return files[env_id]

    return export


@pytest.fixture
def edited(exported, tmp_path):
    """The scene of the cart-pole, changed by lines of Python inside Blender."""

    def edit(lines):
        file = shutil.copy(exported(CARTPOLE), tmp_path / "edited.blend")
        script = EDIT.format(file=file, edit=lines)
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
        return file

    return edit


def episode(env_id, **arguments):
    env = gym.make(env_id, **arguments)
    try:
        return bits(rollout(env, 3, actions_for(env.action_space, STEPS)))
    finally:
        env.close()


@pytest.mark.parametrize(
    "env_id",
    [*OFTEN, *(pytest.param(env_id, marks=pytest.mark.long) for env_id in SUITE_IDS if env_id not in OFTEN)],
)
def test_in_its_exported_scene_an_environment_is_the_same_bit_for_bit(exported, env_id):
    assert episode(env_id, scene=str(exported(env_id))) == episode(env_id)


@pytest.mark.parametrize("task", ["onlookers:WatchBounce", pytest.param("onlookers:WatchPile", marks=pytest.mark.long)])
def test_the_playback_of_an_exported_scene_moves_as_the_environment_in_which_nobody_acts(make_env, tmp_path, task):
    file = tmp_path / "scene.blend"
    run_errand("export", task, {"bodies": []}, output=file)
    expected = played(file, STEPS, tmp_path)
    assert any(np.ptp(poses[:, :3, 3], axis=0).max() > 0.1 for poses in expected.values()), "something moves"
    env = make_env(task, bodies=list(expected))
    env.reset(seed=0)
    steps = [env.step(np.zeros(1, np.float32))[0] for _ in range(STEPS)]
    for found, (body, poses) in zip(np.swapaxes(steps, 0, 1), expected.items(), strict=True):
        assert found == pytest.approx(poses, abs=ROUNDING), body


def test_what_was_edited_is_there(edited, make_env):
    file = edited("""
cart = things["Cart"].copy()
cart.name = "Passenger"
bpy.context.scene.collection.objects.link(cart)
""")
    welcome = make_env(scene=file).welcome
    assert "Passenger" in [entry.name for entry in welcome.objects]
    assert welcome.scene == str(file)


def test_vectors_and_trainers_take_it_too(edited):
    file = str(edited('things["Pole"].name = "Stick"'))
    envs = gym.make_vec(CARTPOLE, num_envs=2, vectorization_mode="vector_entry_point", scene=file)
    with pytest.raises(SceneError, match="no rigid body 'Pole'"):
        envs.reset(seed=0)
    envs.close()
    trainer = make_vec_env(CARTPOLE, 2, scene=str(edited("")))
    trainer.reset()
    trainer.close()


def test_a_spec_keeps_it(edited):
    env = gym.make(CARTPOLE, scene=str(edited("")))
    again = gym.make(EnvSpec.from_json(env.spec.to_json()))
    assert again.unwrapped.welcome.scene.endswith("edited.blend")
    env.close()
    again.close()


@pytest.mark.parametrize(
    ("edit", "messages"),
    [
        ('things["Hinge"].name = "hinge.001"', ["The scene has no joint 'Hinge'; it has", "Did you mean 'hinge.001'?"]),
        ('things["Drive"].name = "Dirve"', ["no motor 'Drive'; it has Dirve. Did you mean 'Dirve'?"]),
        (
            'things.remove(things["Sun"]); bpy.data.materials["Pole"].name = "Wood"',
            ["The scene has 2 faults:", "no light 'Sun'; it has none at all.", "no material 'Pole'; it has"],
        ),
        (
            'bpy.context.scene.rigidbody_world.constraints.objects.unlink(things["Drive"])',
            ["Object 'Drive' of the scene is no motor: give it Physics > Rigid Body Constraint, of type Motor."],
        ),
    ],
)
def test_what_is_missing_is_named_at_the_start_with_what_there_is_and_what_is_nearest(make_env, edited, edit, messages):
    with pytest.raises(SceneError) as caught:
        make_env(scene=edited(edit)).reset()
    for message in messages:
        assert message in str(caught.value)


def test_a_file_of_a_newer_blender_is_refused_with_both_versions(make_env, edited):
    file = edited("")
    file.write_bytes(of_newer_blender(file.read_bytes()))
    with pytest.raises(SceneError, match=r"was saved by Blender 5\.99; this is .* Name a Blender 5\.99 with blender="):
        make_env(scene=file).reset()


def test_what_is_no_scene_is_refused_when_the_environment_is_made(make_env, exported, tmp_path):
    with pytest.raises(SceneNotFound, match=r"scene= is 'scene\.py'; expected the path of a file that ends with"):
        make_env(scene="scene.py")
    near = str(exported(CARTPOLE)).replace("Cartpole", "Cartpol")
    with pytest.raises(SceneNotFound, match=r"there is no file .* Did you mean 'BlendCartpole-v0\.blend'\?"):
        make_env(scene=near)
    (tmp_path / "dir.blend").mkdir()
    with pytest.raises(SceneNotFound, match=r"scene= is '.*dir\.blend', but .*dir\.blend is a folder, not a file"):
        make_env(scene=tmp_path / "dir.blend")
    with pytest.raises(SceneNotFound, match=r"there is no file .*die\.blend\.$"):
        make_env(scene=tmp_path / "die.blend")
    with pytest.raises(SceneNotFound, match="scene= is 5; expected the path of a file"):
        make_env(scene=5)
    with pytest.raises(InvalidOption, match="scene='.*' and address='tcp://host:1' exclude each other"):
        make_env(scene=exported(CARTPOLE), address="tcp://host:1")


def test_a_file_that_is_no_blend_or_half_of_one_is_told_with_the_cure(make_env, edited, tmp_path):
    whole = edited("").read_bytes()
    for name, content in (("text", b"no scene"), ("half", whole[: len(whole) // 2])):
        (tmp_path / f"{name}.blend").write_bytes(content)
        with pytest.raises(
            SceneNotFound, match=rf"{name}\.blend' cannot be read by Blender .* It is damaged, .* or no"
        ):
            make_env(scene=tmp_path / f"{name}.blend").reset()


@pytest.mark.parametrize("size", [4 << 10, 20 << 10])  # The launch order has a kilobyte or so, by paths.
def test_a_scene_is_saved_whole_or_not_at_all(size, tmp_path):
    file = tmp_path / "half.blend"
    with files_up_to(size), pytest.raises(WriteFailed, match=r"cannot be saved as .*half.blend.*Is the disk full"):
        run_errand("export", environment_spec(CARTPOLE).kwargs["task"], {}, output=file)
    assert not file.exists()


def test_nothing_is_overwritten(exported):
    done = blendgym("export-scene", CARTPOLE, "-o", exported(CARTPOLE), check=False)
    assert "exists, and is not overwritten" in done.stderr
    done = blendgym("export-scene", CARTPOLE, "-o", exported(CARTPOLE).parent / "nowhere" / "a.blend", check=False)
    assert "There is no folder" in done.stderr
    done = blendgym("export-scene", CARTPOLE, "-o", "scene.py", check=False)
    assert "is saved as a .blend" in done.stderr
