"""All that is wrong with a scene is told at once, each fault with its cure."""

from __future__ import annotations

import subprocess
import sys

import pytest

from blendgym.errors import RenderError, SceneError


def test_all_faults_of_the_physics_come_in_one_error(laboratory):
    message = laboratory.do("faults.many")
    first, *faults = message.split("\n  - ")
    assert first == "The physics of the scene has 5 faults:"
    expected = {
        "unit scale of 0.01": "Set Scene > Units",
        "'Mirrored'": "Object > Apply > Scale",
        "'Keyed'": "clear its keys",
        "'Alone'": "a first and a second object",
        "'Astray' is attached to 'Plain'": "Physics > Rigid Body",
    }
    for fault, (subject, cure) in zip(faults, expected.items(), strict=True):
        assert subject in fault
        assert cure in fault


def test_time_that_goes_at_another_pace_is_refused(laboratory):
    message = laboratory.do("faults.off_the_pace")
    for fault in ("switched off. Switch it on", "speed 0.5", "stretched from 100 to 200 frames"):
        assert fault in message


@pytest.mark.parametrize("shape", ["CONVEX_HULL", "MESH"])
def test_a_body_without_the_faces_that_its_shape_is_made_of_is_refused(laboratory, shape):
    message = laboratory.do("faults.without_faces", shape=shape)
    assert message.startswith(f"Body 'Bare' has the collision shape '{shape}', but its mesh has no faces. Give it some")


SAVE = """
import bpy
scene = bpy.context.scene
image = bpy.data.images.new("wood", 8, 8)
image.filepath_raw, image.file_format = "{folder}/wood.png", "PNG"
image.save()
material = scene.objects["Cube"].data.materials[0]
texture = material.node_tree.nodes.new("ShaderNodeTexImage")
texture.image = bpy.data.images.load("{folder}/wood.png")
material.node_tree.links.new(texture.outputs[0], material.node_tree.nodes["Principled BSDF"].inputs[0])
bpy.ops.wm.save_as_mainfile(filepath="{folder}/textured.blend")
for image in list(bpy.data.images):
    bpy.data.images.remove(image)
bpy.ops.wm.save_as_mainfile(filepath="{folder}/library.blend")
bpy.ops.wm.read_factory_settings(use_empty=True)
with bpy.data.libraries.load("{folder}/library.blend", link=True) as (_, wanted):
    wanted.objects = ["Cube"]
bpy.context.scene.collection.objects.link(wanted.objects[0])
bpy.ops.wm.save_as_mainfile(filepath="{folder}/linking.blend")
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder with files that need others, which are gone."""
    folder = tmp_path_factory.mktemp("files")
    subprocess.run([sys.executable, "-c", SAVE.format(folder=folder)], check=True, capture_output=True)
    (folder / "wood.png").unlink()
    (folder / "library.blend").unlink()
    return folder


def test_a_picture_with_a_missing_texture_names_the_file_and_whoever_needs_no_picture_goes_on(make_env, files):
    env = make_env("tasks:Filmed", file=str(files / "textured.blend"))
    env.reset()
    message = rf"Image 'wood.png' of 'Material' is missing: there is no file {files}/wood.png. Put it there, or pack"
    with pytest.raises(RenderError, match=message):
        env.capture()


def test_a_file_that_links_to_a_missing_library_names_it(make_env, files):
    env = make_env("tasks:Filmed", file=str(files / "linking.blend"))
    with pytest.raises(SceneError, match=f"links to libraries that are missing: {files}/library.blend. Put them"):
        env.reset()


def test_a_camera_that_the_task_names_and_the_scene_lacks_is_told_at_the_start(make_env, files):
    with pytest.raises(SceneError, match="The scene has no camera 'Left'; it has Camera. The task names it."):
        make_env("tasks:Filmed", file=str(files / "textured.blend"), camera_name="Left").reset()
