"""What files bring along: the frame that they were saved at, caches, keys, animated bodies, units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from blendgym.blender.scenes import load_scenes
from blendgym.scene_places import ScenePlace
from experiments.stage import Stage, begin, message, opened, play


def saved(path: str, state: str, first_frame: int = 1) -> dict[str, Any]:
    """Heights of a body that a file places at 3 m: at first, after 0.5 s, and in a second episode.

    Args:
        path: Of the file.
        state: What was done before it was saved: it was ``played`` or ``baked`` to some frame, or the body has ``keys``
            or a ``driver`` that are left over.
        first_frame: In which its simulation begins.
    """
    stage = Stage()
    body = stage.box("Body", (0.0, 0.0, 3.0))
    cache = stage.physics.point_cache
    cache.frame_start, cache.frame_end = first_frame, first_frame + 60
    if state == "keys":
        for frame in (first_frame, first_frame + 40):
            body.keyframe_insert("location", frame=frame)
    if state == "driver":
        body.driver_add("location", 0).driver.expression = "0"
    if state == "baked":
        with bpy.context.temp_override(scene=stage.scene, point_cache=cache):
            bpy.ops.ptcache.bake(bake=True)
    for frame in range(first_frame, first_frame + 31):
        stage.scene.frame_set(frame)
    stage.save(path)
    world = opened(path)
    heights = []
    for _ in range(2):
        begin(world)
        heights.append(float(world.body("Body").position[2]))
        play(world, 0.5)
        heights.append(float(world.body("Body").position[2]))
    return {"heights": heights, "time": world.time}


def animated(path: str, first_frame: int, control_rate: float) -> dict[str, Any]:
    """Bodies that are animated, active or passive, keyed or not, in every step of a second, in two episodes.

    A platform rises by 2 m within 60 frames of 1/24 s, and carries a box; a shelf has no keys; a child of the platform
    goes along.
    """
    stage = Stage()
    stage.scene.render.fps = 24
    stage.physics.point_cache.frame_start = first_frame
    stage.box("Shelf", (3.0, 0.0, 1.0), kinematic=True)
    platform = stage.box("Platform", (0.0, 0.0, 0.5), (1.0, 1.0, 1.0), kinematic=True, type="PASSIVE")
    for frame, height in ((first_frame, 0.5), (first_frame + 60, 2.5)):
        platform.location.z = height
        platform.keyframe_insert("location", frame=frame)
    curve = next(iter(_curves(platform)))
    for point in curve.keyframe_points:
        point.interpolation = "LINEAR"
    stage.box("Rider", (2.0, 0.0, 0.0), parent=platform, kinematic=True)
    stage.scene.frame_set(first_frame)
    stage.box("Box", (0.0, 0.0, 1.1))
    stage.save(path)
    world = opened(path, control_rate)
    names = ("Shelf", "Platform", "Rider", "Box")
    told: dict[str, Any] = {"times": [], "episodes": []}
    for _ in range(2):
        begin(world)
        rows = [[world.body(name).position.tolist() for name in names]]
        for _ in range(round(control_rate)):
            play(world, world.period)
            rows.append([world.body(name).position.tolist() for name in names])
        told["episodes"].append(rows)
        told["speed"] = float(world.body("Platform").velocity[2])
    told["message"] = message(lambda: world.body("Platform").place(world.body("Shelf").pose))
    return told


def _curves(obj: bpy.types.Object) -> Any:
    from blendgym.blender import compat

    return (curve for curve in compat.curves_of(obj.animation_data.action) if curve.array_index == 2)


def keyed_release() -> str:
    """What is said of a body whose keys turn 'Animated' off."""
    stage = Stage()
    body = stage.box("Body", kinematic=True)
    body.keyframe_insert("rigid_body.kinematic", frame=1)
    body.rigid_body.kinematic = False
    body.keyframe_insert("rigid_body.kinematic", frame=10)
    return message(stage.world)


def gravity(use: bool, weight: float, value: float | None) -> list[float]:
    """Gravity as it is told, before and after it is set, and how far a body falls in 1 s."""
    stage = Stage()
    stage.box("Body")
    stage.scene.use_gravity, stage.physics.effector_weights.gravity = use, weight
    world = stage.world()
    told = [world.gravity]

    def change() -> None:
        if value is not None:
            world.gravity = value

    begin(world, change)
    play(world, 1.0)
    return [*told, world.gravity, -float(world.body("Body").position[2])]


def units(system: str, scale: float) -> str:
    """What is said of a scene in units, or nothing."""
    stage = Stage()
    stage.scene.unit_settings.system, stage.scene.unit_settings.scale_length = system, scale
    try:
        stage.world()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def without_physics(path: str) -> list[str]:
    """The names of the bodies of a file without a rigid-body world, which is stepped."""
    stage = Stage()
    bpy.ops.rigidbody.world_remove()
    stage.empty("Something")
    stage.save(path)
    world = opened(path)
    begin(world)
    play(world, 0.5)
    return [*world.bodies, f"{world.time:.2f}", f"{world.gravity:.2f}"]


def rebuilt() -> list[float]:
    """Where a parented body is after 0.5 s, in worlds that are made of one scene one after the other."""
    stage = Stage()
    body = stage.box("Body", (0.0, 0.0, 3.0), parent=stage.empty("Root", (1.0, 0.0, 0.0)))
    body.keyframe_insert("location", frame=1)
    heights = []
    for _ in range(3):
        world = stage.world()
        begin(world)
        play(world, 0.5)
        heights += world.body("Body").position.tolist()
    return heights


def slots(path: str) -> list[list[float]]:
    """Where a body is at first and after 0.5 s, in scenes of one file side by side."""
    stage = Stage()
    stage.box("Body", (0.0, 0.0, 3.0), parent=stage.empty("Root", (1.0, 0.0, 0.0)))
    stage.save(path)
    from blendgym.blender.physics.world import World

    worlds = [World(loaded, 20.0, 10) for loaded in load_scenes(ScenePlace(Path(path)), 3)]
    places = []
    for world in worlds:
        begin(world)
        places.append(world.body("Body").position.tolist())
    for world in worlds:
        play(world, 0.5)
        places.append(world.body("Body").position.tolist())
    return places
