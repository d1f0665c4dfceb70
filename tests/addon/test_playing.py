"""The open scene is played in a copy, by nobody, by chance or by a trainer, and is afterwards what it was."""

from __future__ import annotations

import contextlib
import importlib
import threading

import gymnasium as gym
import numpy as np
import pytest

MARKED = """
from blendgym.addon.play_operators import Play, _turn
select("Puck")
click.mark_parameter(quantity="Mass Puck")
select("Drive")
click.mark_motor(drives="force", most=2.0)

def drawn():
    kinds = bpy.data.objects, bpy.data.materials, bpy.data.meshes, bpy.data.scenes, bpy.data.collections
    names = [sorted(things.keys()) for things in kinds]
    places = [(obj.name, [list(row) for row in obj.matrix_world], obj.rotation_mode) for obj in scene.objects]
    return [names, sorted(places), scene["blendgym"], scene.objects["Puck"].rigid_body.mass, scene.frame_current]

def told():
    played = Play.current.played
    return [played.number, played.steps, played.total, played.last, played.parameters]
"""

SERVE = """
from blendgym.addon.play_operators import Play, _turn
for _ in range(2):
    _turn()
played = Play.current.played
answer = played.number, played.steps, played.total, played.parameters
"""


@pytest.fixture
def marked(click):
    return lambda script, **values: click(MARKED + script, **values)


def test_episodes_are_played_with_drawn_parameters_and_the_drawing_is_untouched(marked):
    before, start, moved, later, names, after, window = marked("""
before = drawn()
click.play(policy="random")
start = told()
for _ in range(3):
    due = _turn()
moved = told(), due
for _ in range(199):
    _turn()
later = told()
names = sorted(bpy.context.window.scene.objects.keys())
click.stop()
answer = before, start, moved, later, names, drawn(), bpy.context.window.scene.name
""")
    assert start[:4] == [0, 0, 0.0, None]
    assert start[4]["puck.mass"] not in (0.5, later[4]["puck.mass"])
    assert moved[0][:2] == [0, 3]
    assert moved[0][2] < 0
    assert moved[1] == pytest.approx(1 / 20)
    assert later[:2] == [1, 1]
    assert later[3] < moved[0][2] < 0
    assert "Puck (0)" in names
    assert after == before
    assert window == "Scene"


def test_the_same_play_is_the_same_and_nobody_acts_where_nobody_does(marked):
    totals = marked("""
totals = []
for policy in ("random", "random", "zero"):
    click.play(policy=policy, is_randomized=False)
    for _ in range(20):
        _turn()
    totals.append([Play.current.played.total, Play.current.played.parameters])
    click.stop()
answer = totals
""")
    assert totals[0] == totals[1]
    assert totals[2][0] != totals[0][0]
    assert all(parameters == {"puck.mass": 0.5} for _, parameters in totals)


@pytest.mark.parametrize(
    "ending", ["bpy.ops.wm.save_as_mainfile(filepath=file)", "bpy.ops.wm.read_factory_settings()", "click.stop()"]
)
def test_a_play_ends_before_the_scene_is_saved_and_files_hold_only_the_drawing(marked, tmp_path, ending):
    is_over, scenes = marked(
        f"""
click.play(policy="zero")
_turn()
{ending}
answer = Play.current is None and _turn() is None, bpy.data.scenes.keys()
""",
        file=str(tmp_path / "saved.blend"),
    )
    assert is_over
    assert scenes == ["Scene"]


def test_while_it_is_played_nothing_is_marked(marked):
    able = marked("""
click.play(policy="zero")
able = [getattr(click, name).poll() for name in ("play", "mark_parameter", "check", "write_room", "stop")]
click.stop()
answer = able, [getattr(click, name).poll() for name in ("play", "mark_parameter", "check", "write_room", "stop")]
""")
    assert able == [[False, False, False, False, True], [True, True, True, True, False]]


@pytest.mark.parametrize(
    ("more", "properties", "message"),
    [
        ("", {"policy": "outside"}, "A trainer has to know the task: write an environment"),
        ("", {"room": "/no/such"}, "/no/such is no room of an environment"),
        (
            "scene.objects['Slide'].rigid_body_constraint.object2 = None",
            {},
            "'Slide' needs a first and a second object",
        ),
        ("bpy.data.objects.remove(scene.objects['Camera'])", {}, "The scene has no camera"),
    ],
)
def test_what_cannot_be_played_is_told_and_nothing_has_changed(marked, more, properties, message):
    before, told, after, current = marked(
        more
        + """
before = drawn()
told = refused(click.play, **properties)
answer = before, told, drawn(), Play.current
""",
        properties=properties,
    )
    assert message in told
    assert after == before
    assert current is None


def test_a_task_that_fails_ends_the_play_and_is_told(marked, tmp_path):
    why, names = marked(
        """
click.write_room(directory=folder, name="failing")
task = open(folder + "/failing/task.py").read()
open(folder + "/failing/task.py", "w").write(task.replace("return Outcome", "1 / 0; return Outcome"))
click.play(policy="zero", room=bpy.context.window_manager.blendgym_room)
_turn()
answer = Play.why_ended, sorted(bpy.data.scenes.keys())
""",
        folder=str(tmp_path),
    )
    assert "ZeroDivisionError" in why
    assert names == ["Scene"]


def test_a_trainer_plays_in_the_open_scene_and_the_panel_knows_the_return(marked, blender, tmp_path, monkeypatch):
    address = marked(
        """
click.write_room(directory=folder, name="open_puck")
click.play(policy="outside", room=bpy.context.window_manager.blendgym_room, address="tcp://127.0.0.1:*")
answer = Play.current.episodes.address
""",
        folder=str(tmp_path),
    )
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    rewards = {}

    def train(name, **arguments):
        with contextlib.closing(gym.make("open_puck:OpenPuck-v0", **arguments)) as env:
            env.reset(seed=3, options={"params": {"puck.mass": 0.8}})
            rewards[name] = [env.step(np.ones(1, np.float32))[1] for _ in range(5)]

    trainer = threading.Thread(target=train, args=["there"], kwargs={"address": address})
    trainer.start()
    while trainer.is_alive():
        number, steps, total, parameters = blender.run(SERVE)
    train("elsewhere")
    assert rewards["there"] == rewards["elsewhere"]
    assert (number, steps, total) == (0, 5, pytest.approx(sum(rewards["there"])))
    assert parameters == {"puck.mass": pytest.approx(0.8)}
