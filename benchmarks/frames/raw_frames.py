"""Runs inside Blender: a scene stepped and rendered by Workbench with nothing around it. This is the limit.

The images are not even read back. ``raw_frames.py TASK CAMERA WIDTH HEIGHT`` is a ``Child`` of ``contest.py``.
"""

from __future__ import annotations

import sys
import time

import bpy

from blendgym.benchmarks.contest import answer_questions
from blendgym.blender.physics.world import World
from blendgym.blender.scenes import load_scenes
from blendgym.scene_places import find_scene
from blendgym.task import make_task


def main() -> None:
    """Serves."""
    task = make_task(sys.argv[1], {})
    world = World(load_scenes(find_scene(task), 1)[0], task.control_rate, task.substeps)
    scene = world.scene
    scene.camera = scene.objects[sys.argv[2]]
    scene.render.engine, scene.display.render_aa = "BLENDER_WORKBENCH", "OFF"
    scene.render.resolution_x, scene.render.resolution_y = int(sys.argv[3]), int(sys.argv[4])
    scene.render.resolution_percentage = 100
    answer_questions(lambda steps: _seconds(world, steps))


def _seconds(world: World, steps: int) -> float:
    world.rest()
    world.start()
    start = time.perf_counter()
    for _ in range(steps):
        world.advance()
        bpy.ops.render.render()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
