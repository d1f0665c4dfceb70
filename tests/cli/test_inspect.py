"""What blendgym sees in a scene is told: by tables that fit 80 columns, and as JSON."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest
from command_line import blendgym
from newer import of_newer_blender

SAVE = """
import bpy
scene = bpy.context.scene
{lines}
bpy.ops.wm.save_as_mainfile(filepath="{file}", compress=False)
"""

MACHINE = """
def body(name, kind, shape, mass=1.0, location=(0, 0, 0)):
    bpy.ops.mesh.primitive_cube_add(location=location)
    made = bpy.context.object
    made.name = name
    bpy.ops.rigidbody.object_add(type=kind)
    made.rigid_body.collision_shape, made.rigid_body.mass = shape, mass
    return made

def constraint(name, kind, first, second):
    bpy.ops.object.empty_add()
    made = bpy.context.object
    made.name = name
    bpy.ops.rigidbody.constraint_add(type=kind)
    made.rigid_body_constraint.object1, made.rigid_body_constraint.object2 = first, second
    return made.rigid_body_constraint

base = body("Base", "PASSIVE", "BOX", location=(0, 0, -3))
arm, piston = body("Arm", "ACTIVE", "CAPSULE", 2.5), body("Piston", "ACTIVE", "CYLINDER", location=(0, 0, 3))
carried = body("Lift", "PASSIVE", "CONVEX_HULL", location=(5, 0, 0))
carried.rigid_body.kinematic = True
elbow = constraint("Elbow", "HINGE", arm, base)
elbow.use_limit_ang_z, elbow.limit_ang_z_lower, elbow.limit_ang_z_upper = True, -0.5, 1.5
constraint("Rod", "SLIDER", arm, piston)
drive = constraint("Drive", "MOTOR", base, arm)
drive.use_motor_ang = True
arm["category"] = "robot"
"""
ODD = """
things = bpy.data.objects
things["Piston"].rigid_body.collision_shape = "MESH"
things["Piston"].data.clear_geometry()
constraint("Loose", "POINT", arm, None)
constraint("Off", "POINT", base, arm).enabled = False
bpy.ops.mesh.primitive_cube_add(location=(9, 9, 9))
bpy.ops.rigidbody.object_add(type="ACTIVE")
bpy.context.object.name = "Forgotten"
scene.rigidbody_world.collection.objects.unlink(bpy.context.object)
image = bpy.data.images.new("wood", 8, 8)
image.source, image.filepath_raw = "FILE", "{folder}/wood.png"
tree = bpy.data.materials["Material"].node_tree
texture = tree.nodes.new("ShaderNodeTexImage")
texture.image = image
tree.links.new(texture.outputs[0], tree.nodes["Principled BSDF"].inputs["Base Color"])
bpy.data.texts.new("run.py").use_module = True
bpy.data.objects.remove(things["Camera"])
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A machine in order, one with all that can be wrong, and a scene without physics."""
    folder = tmp_path_factory.mktemp("files")
    for name, lines in {"machine": MACHINE, "odd": MACHINE + ODD.format(folder=folder), "plain": ""}.items():
        script = SAVE.format(lines=lines, file=folder / f"{name}.blend")
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    (folder / "text.blend").write_text("no scene")
    (folder / "newer.blend").write_bytes(of_newer_blender((folder / "plain.blend").read_bytes()))
    return folder


def seen(subject, **options):
    return json.loads(blendgym("inspect", subject, "--json", **options).stdout)


def test_what_a_scene_has_is_told_as_it_is_in_the_file(files):
    machine = seen(files / "machine.blend")
    kinds = {body["name"]: (body["kind"], body["shape"], body["mass"]) for body in machine["bodies"]}
    assert kinds == {
        "Base": ("passive", "box", 1.0),
        "Arm": ("active", "capsule", 2.5),
        "Piston": ("active", "cylinder", 1.0),
        "Lift": ("animated", "convex_hull", 1.0),
    }
    elbow, rod = machine["joints"]
    assert (elbow["kind"], elbow["parent"], elbow["child"]) == ("hinge", "Base", "Arm")
    assert elbow["limits"] == {"ang_z": [-0.5, 1.5]}
    assert (rod["kind"], rod["parent"], rod["child"], rod["limits"]) == ("slider", "Arm", "Piston", {})
    assert machine["motors"] == [{"name": "Drive", "drives": ["torque"], "first": "Base", "second": "Arm"}]
    assert machine["cameras"][0]["field_of_view"] == pytest.approx(2 * math.atan(36 / 2 / 50))
    assert [(light["name"], light["kind"]) for light in machine["lights"]] == [("Light", "point")]
    assert machine["categories"]["robot"] == ["Arm"]
    (material,) = machine["materials"]
    assert "hue" in material["parameters"]
    assert material["objects"] == ["Cube"]
    assert machine["faults"] == []


def test_what_cannot_be_used_is_told_with_its_cure_and_all_else_is_told_too(files):
    odd = seen(files / "odd.blend")
    expected = {
        "Body 'Piston' has the collision shape 'MESH', but its mesh has no faces": "a shape such as 'Box'",
        "'Loose' needs a first and a second object": "two different ones",
        "'Off' is switched off": "Switch on Enabled",
        "Object 'Forgotten' has a rigid body, but the scene's rigid-body world does not": "add it again",
        "Image 'wood' of 'Material' is missing": "Put it there",
        "Scripts run.py do not run": "trust=True",
        "The scene has no camera": "call it 'Camera'",
    }
    for fault, cure in expected.items():
        assert [cure in found for found in odd["faults"] if fault in found] == [True], fault
    assert [body["name"] for body in odd["bodies"]] == ["Base", "Arm", "Lift"]
    assert [joint["name"] for joint in odd["joints"]] == ["Elbow"]
    assert "values, not links" in odd["materials"][0]["why_none"]


def test_the_tables_fit_80_columns(files):
    lines = blendgym("inspect", files / "odd.blend").stdout.splitlines()
    assert max(map(len, lines[1:])) <= 80
    assert any(line.split()[:3] == ["Elbow", "hinge", "Base"] for line in lines)


def test_a_scene_without_physics_is_told_too(files):
    plain = seen(files / "plain.blend")
    assert plain["bodies"] == plain["joints"] == plain["faults"] == []
    assert plain["categories"] == {"Cube": ["Cube"]}


@pytest.mark.parametrize("subject", ["BlendCartpole-v0", "blendgym.envs.cartpole.task:Cartpole", "zoo.scenes.chain"])
def test_ids_tasks_and_modules_have_scenes_too(subject, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "examples")
    assert seen(subject)["joints"][-1]["name"] in ("Hinge", "Hinge 3")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("text.blend", "cannot be read by Blender"),
        ("newer.blend", "was saved by Blender 5.99; this is"),
        ("machina.blend", "Did you mean 'machine.blend'?"),
        ("no.such.module", "is no module that can be imported"),
        ("BlendNothing-v0", "There is no environment 'BlendNothing-v0'"),
    ],
)
def test_what_is_no_scene_is_an_error_in_a_line(files, name, message):
    done = blendgym("inspect", name, check=False, cwd=files)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
