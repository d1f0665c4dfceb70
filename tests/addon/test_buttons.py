"""Every button does what it says, or says why not and leaves the scene as it was."""

from __future__ import annotations

import json
import re

import pytest

from blendgym.marks import MarkedMotor, read_marks
from blendgym.parameters import Mass, Normal


def test_what_is_marked_by_clicking_is_what_the_file_keeps(click, tmp_path):
    click(
        """
select("Puck")
click.mark_parameter(quantity="Mass Puck", high=3.3)
click.mark_parameter(quantity="Friction Puck", name="puck.mu", prior="NORMAL", mean=0.5, deviation=0.1)
click.mark_parameter(of_scene=True, quantity="Gravity")
click.mark_category(category="toy")
select("Drive")
click.mark_motor(drives="force", most=2.5)
bpy.ops.wm.save_as_mainfile(filepath=file)
""",
        file=str(tmp_path / "marked.blend"),
    )
    marks = read_marks(tmp_path / "marked.blend")
    mass, friction, gravity = marks.parameters
    assert (mass.name, mass.nominal, mass.low, mass.high) == ("puck.mass", 0.5, 0.25, 3.3)
    assert mass.parameter.binding == Mass("Puck")
    assert (friction.name, friction.prior) == ("puck.mu", Normal(0.5, 0.1))
    assert (gravity.nominal, gravity.thing) == (9.81, None)
    assert marks.motors == (MarkedMotor(name="Drive", most=2.5),)


def test_marks_and_categories_are_there_when_the_file_is_opened_again(click, tmp_path):
    again = click(
        """
select("Puck", "Rail")
click.mark_parameter(quantity="Friction Rail")
click.mark_category(category="toy")
bpy.ops.wm.save_as_mainfile(filepath=file)
bpy.ops.wm.read_factory_settings()
bpy.ops.wm.open_mainfile(filepath=file)
scene = bpy.context.scene
answer = [marked.name for marked in marks_of(scene).parameters], [scene.objects[name]["category"] for name in names]
""",
        file=str(tmp_path / "marked.blend"),
        names=["Puck", "Rail"],
    )
    assert again == [["rail.friction"], ["toy", "toy"]]


@pytest.mark.parametrize(
    ("selected", "button", "properties", "message"),
    [
        ("Puck", "mark_parameter", {"quantity": "Mass Puck"}, "'puck.mass' changes this already"),
        ("Rail", "mark_parameter", {"quantity": "Friction Rail", "name": "puck.mass"}, "declared twice: puck.mass"),
        ("Puck", "mark_parameter", {"quantity": "Friction Puck", "low": -0.1}, "what it changes can be from 0 to inf"),
        ("Puck", "mark_parameter", {"quantity": "Friction Puck", "low": 0.7}, "needs low <= nominal <= high"),
        ("Puck", "mark_parameter", {"quantity": "Friction Puck", "name": "dynamics"}, "have the names of groups"),
        ("Puck", "change_parameter", {"name": "puck.mass", "low": 0.0}, "needs low > 0"),
        ("Puck", "change_parameter", {"name": "muck.pass"}, "no marked parameter 'muck.pass'; it has puck.mass"),
        ("Puck", "remove_parameter", {"name": "muck.pass"}, "no marked parameter 'muck.pass'"),
        ("Sun", "move_parameter", {"name": "puck.mass"}, "'Sun' has nothing that parameter 'puck.mass' could change"),
        ("Puck", "mark_motor", {}, "Object 'Puck' is no motor. Make one between two bodies first"),
        ("Drive", "mark_motor", {"drives": "torque"}, "has no torque. Switch on .* > Angular"),
        ("Drive", "mark_motor", {"most": 0.0}, "Motor 'Drive' has at most 0"),
        ("Drive", "remove_motor", {"name": "Drive"}, "no marked motor 'Drive'; it has none at all"),
        ("Puck", "mark_keypoint", {}, "'Puck' is no empty. Put an empty at the point"),
        ("Sun", "make_body", {}, "'Sun' has no faces, so nothing could touch it"),
        ("Puck", "make_joint", {}, "1 objects are selected. Select two bodies"),
    ],
)
def test_what_cannot_be_marked_is_told_and_nothing_changes(click, selected, button, properties, message):
    before, told, after = click(
        """
select("Puck")
click.mark_parameter(quantity="Mass Puck")
select(selected)
before = scene["blendgym"], sorted(bpy.data.objects.keys())
told = refused(getattr(click, button), **properties)
answer = before, told, (scene["blendgym"], sorted(bpy.data.objects.keys()))
""",
        selected=selected,
        button=button,
        properties=properties,
    )
    assert re.search(message, told), told
    assert after == before


def test_bodies_joint_and_motor_are_made_of_what_is_selected(click):
    made = click("""
bpy.ops.mesh.primitive_cube_add(location=(5, 0, 0))
bpy.context.object.name = "Base"
bpy.ops.mesh.primitive_cube_add(location=(5, 0, 3))
bpy.context.object.name = "Arm"
select("Base")
click.make_body(moves=False)
select("Arm")
click.make_body(shape="CAPSULE", mass=2.5)
select("Base", "Arm")
click.make_joint(kind="HINGE", axis="Y")
click.make_motor(drives="torque", axis="Y", most=4.0)
arm, hinge = scene.objects["Arm"].rigid_body, scene.objects["Hinge of Arm"]
turned = (hinge.rotation_euler.to_matrix().col[2] - __import__("mathutils").Vector((0, 1, 0))).length < 1e-6
ends = [end.name for end in (hinge.rigid_body_constraint.object1, hinge.rigid_body_constraint.object2)]
answer = [arm.mass, arm.collision_shape, arm.linear_damping, arm.use_deactivation, ends, turned, scene["blendgym"]]
""")
    assert made[:-1] == [2.5, "CAPSULE", 0.0, False, ["Base", "Arm"], True]
    assert json.loads(made[-1])["motors"] == [{"name": "Motor of Arm", "drives": "torque", "most": 4.0}]


def test_a_thing_that_was_renamed_is_missed_until_the_parameter_points_at_it(click):
    missed, told, kept = click("""
select("Puck")
click.mark_parameter(quantity="Mass Puck", low=0.1, prior="UNIFORM")
scene.objects["Puck"].name = "Puk"
missed = list(faults_of_marks(scene))
select("Puk")
click.move_parameter(name="puck.mass")
(marked,) = marks_of(scene).parameters
answer = missed, list(faults_of_marks(scene)), [marked.name, marked.low, marked.of["body"], type(marked.prior).__name__]
""")
    assert len(missed) == 1
    assert (
        "'puck.mass' changes the body 'Puck', which is not there: renamed, or deleted. Did you mean 'Puk'?" in missed[0]
    )
    assert told == []
    assert kept == ["puck.mass", 0.1, "Puk", "Uniform"]


def test_a_thing_that_was_deleted_is_missed_and_its_parameter_stays_until_it_is_removed(click):
    missed, left = click("""
select("Sun")
click.mark_parameter(quantity="Light Sun strength")
bpy.data.objects.remove(scene.objects["Sun"])
missed = list(faults_of_marks(scene))
click.remove_parameter(name="sun.strength")
answer = missed, "blendgym" in scene
""")
    assert "changes the light 'Sun', which is not there" in missed[0]
    assert not left


def test_a_value_that_has_changed_since_is_told_and_taken(click):
    told, after = click("""
select("Puck")
click.mark_parameter(quantity="Mass Puck")
scene.objects["Puck"].rigid_body.mass = 7.0
told = list(faults_of_marks(scene))
click.take_nominal(name="puck.mass")
(marked,) = marks_of(scene).parameters
answer = told, [list(faults_of_marks(scene)), marked.nominal, marked.low, marked.high]
""")
    assert "has the nominal value 0.5 kg, but the scene has 7; environments begin with the former" in told[0]
    assert after == [[], 7.0, 0.25, 7.0]


def test_a_body_that_is_no_body_any_more_and_dampings_that_are_one_are_told(click):
    told = click("""
select("Slide")
click.mark_parameter(quantity="JointDamping Slide")
select("Puck")
click.mark_parameter(quantity="LinearDamping Puck")
click.mark_parameter(quantity="Mass Puck")
both = list(faults_of_marks(scene))
bpy.ops.rigidbody.object_remove()
answer = both, [fault for fault in faults_of_marks(scene) if "mass" in fault]
""")
    assert "'slide.damping' and 'puck.linear_damping' set the same number of Blender" in told[0][0]
    assert "changes Mass of 'Puck', which that has not any more" in told[1][0]


def test_marks_of_another_format_are_told_and_stay_as_they_are(click):
    told, faults, text = click("""
scene["blendgym"] = '{"format": 2, "of_the_future": true}'
select("Puck")
told = refused(click.mark_parameter, quantity="Mass Puck")
answer = told, list(faults_of_marks(scene)), scene["blendgym"]
""")
    assert "have the format 2; this blendgym reads and writes format 1. They stay as they are" in told
    assert len(faults) == 1
    assert text == '{"format": 2, "of_the_future": true}'


def test_what_is_linked_is_marked_in_its_own_file(click, tmp_path):
    told, faults = click(
        """
bpy.ops.wm.save_as_mainfile(filepath=library)
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.collection.objects.link(bpy.data.objects.new("Puck", None))
with bpy.data.libraries.load(library, link=True) as (there, wanted):
    wanted.objects = ["Puck"]
linked = wanted.objects[0]
scene.collection.objects.link(linked)
bpy.context.view_layer.objects.active = linked
told = refused(click.mark_category, category="toy"), refused(click.make_body)
bpy.context.view_layer.objects.active = None
click.mark_parameter(of_scene=True, quantity="Gravity")
answer = told, list(faults_of_marks(scene))
""",
        library=str(tmp_path / "library.blend"),
    )
    assert all("'Puck' is linked from" in each and "or make it local here" in each for each in told)
    assert any("Two objects are called 'Puck'; the one that is linked from" in fault for fault in faults)
