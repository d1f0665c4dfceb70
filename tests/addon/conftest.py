"""A Blender for all tests of a module, and the scene that they mark."""

from __future__ import annotations

import contextlib

import pytest
from blender_session import BlenderSession

BUILD = """
from blendgym.scenes import bodies, cameras, constraints, lights, materials, meshes, surroundings
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
bodies.world(scene)
red, grey = materials.plain("Red", (0.8, 0.2, 0.1)), materials.plain("Grey", (0.2, 0.2, 0.2))
puck, rail = meshes.cylinder(scene, "Puck", 0.1, 0.1, red), meshes.box(scene, "Rail", (4.0, 0.1, 0.02), grey)
rail.location.z = -0.06
bodies.add(scene, rail, "BOX")
bodies.add(scene, puck, "CYLINDER", mass=0.5)
constraints.slider(scene, "Slide", (rail, puck), limits=(-2.0, 2.0))
constraints.motor(scene, "Drive", (rail, puck), collide=False)
lights.sun(scene, "Sun", rotation=(0.6, -0.4, 0.0), strength=2.6)
surroundings.sky(scene, colour=(0.4, 0.5, 0.7))
cameras.perspective(scene, "Camera", (0.0, -4.0, 1.5), target=(0.0, 0.0, 0.0), field_of_view=0.8)
"""


@pytest.fixture(scope="module")
def blender():
    """A Blender."""
    with contextlib.closing(BlenderSession()) as session:
        yield session


@pytest.fixture
def machine(blender):
    """The same with a puck on a rail, which nobody has marked."""
    blender.run(BUILD)
    return blender


SELECT = """
def select(*names):
    bpy.context.view_layer.update()
    things = bpy.context.view_layer.objects
    for thing in things:
        thing.select_set(thing.name in names)
    things.active = things[names[-1]]

def refused(operator, **properties):
    try:
        operator(**properties)
    except RuntimeError as error:
        return str(error)

import blendgym.addon
from blendgym.blender.marks.faults import faults_of_marks
from blendgym.blender.marks.keeping import marks_of
if not hasattr(bpy.types, "BLENDGYM_PT_selected"):
    blendgym.addon.register()
click, scene = bpy.ops.blendgym, bpy.context.scene
"""


@pytest.fixture
def click(machine):
    """Runs a script that selects things and presses the buttons."""
    return lambda script, **values: machine.run(SELECT + script, **values)
