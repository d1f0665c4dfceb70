"""Bodies that are held and let go of within an episode."""

from __future__ import annotations

from typing import Any

from blendgym.world import Pose
from experiments.stage import ALONG_Y, Stage, begin, message, play

AT: tuple[float, float, float] = (1.0, -2.0, 5.0)
TURNED = (0.8, 0.0, 0.6, 0.0)


def dropped(frames_per_step: int, substeps: int = 10) -> dict[str, Any]:
    """A body at 50 frames a second that is held for 1 s, let go of elsewhere, and falls for 0.5 s, in two episodes.

    Between where it is held and where it is let go of stand posts, and one lies where it is held.

    Args:
        frames_per_step: Frames in one step.
        substeps: Physics steps in one frame.
    """
    stage = Stage()
    stage.box("Body", (3.0, 0.0, 0.0))
    for number in range(8):
        stage.box(f"Post {number}", (3.0 - 0.25 * number, -0.25 * number, 0.6 * number), (0.1, 0.1, 2.0))
    world = stage.world(50.0 / frames_per_step, substeps, frames_per_step)
    body, posts = world.body("Body"), [world.body(f"Post {number}") for number in range(1, 8)]
    told: dict[str, Any] = {"episodes": []}

    def reset() -> None:
        world.gravity = 0.0
        body.hold()
        for number, post in enumerate(posts):
            post.place(Pose((2.0 - 0.125 * number, -1.0 - 0.125 * number, 2.0 + 0.3 * number)))

    for _ in range(2):
        begin(world, reset)
        held = [_state(body)]
        for _ in range(round(50 / frames_per_step)):
            play(world, world.period)
            held.append(_state(body))
        before = [_state(post) for post in posts]
        body.release(Pose(AT, TURNED))
        rows = []
        for _ in range(round(25 / frames_per_step)):
            play(world, world.period)
            rows.append(_state(body))
        told["episodes"].append({"held": held, "posts": [before, [_state(post) for post in posts]], "rows": rows})
    return told


def released(substeps: int, pose: bool) -> list[list[float]]:
    """Height and velocity of a held body after each of 20 frames of 20 ms from when it is let go of.

    Args:
        substeps: Physics steps in one frame.
        pose: Whether it is let go of elsewhere.
    """
    stage = Stage()
    stage.box("Body")
    world = stage.world(50.0, substeps)
    body = world.body("Body")
    begin(world, body.hold)
    play(world, 0.2)
    body.release(Pose((3.0, 4.0, 0.0)) if pose else None)
    rows = []
    for _ in range(20):
        play(world, world.period)
        rows.append([float(body.position[2]), float(body.velocity[2])])
    return rows


def caught() -> dict[str, Any]:
    """A falling, spinning body that is held in flight, carried into another one, and let go of."""
    stage = Stage(gravity=0.0)
    stage.box("Body")
    stage.box("Other", (1.0, 0.0, 0.0))
    world = stage.world(50.0)
    body, other = world.body("Body"), world.body("Other")
    told: dict[str, Any] = {"episodes": []}
    for _ in range(2):
        begin(world, lambda: body.place(Pose((0.0, 0.0, -1.0)), (0.0, 0.0, 2.0), (0.0, 0.0, 1.0)))
        play(world, 0.5)
        body.hold()
        caught_at = _state(body)
        play(world, 0.2)
        held = _state(body)
        for step in range(25):
            body.move_to(Pose((0.04 * (step + 1), 0.0, 0.0)))
            play(world, world.period)
        carried = _state(body)
        body.release()
        play(world, 0.5)
        told["episodes"].append(
            {"caught": caught_at, "held": held, "carried": carried, "let go": _state(body), "other": _state(other)}
        )
    body.hold()
    begin(world, lambda: body.place(Pose((0.0, 0.0, -1.0)), (0.0, 0.0, 2.0)))
    play(world, 1.0)
    told["next episode"] = _state(body)
    return told


def stacked(frames: int) -> list[list[list[float]]]:
    """Three boxes that are held far away, and put on each other one by one; all states after each, at 50 Hz."""
    stage = Stage()
    stage.box("Ground", (0.0, 0.0, -0.5), (4.0, 4.0, 1.0), type="PASSIVE")
    for number in range(3):
        stage.box(f"Box {number}", (9.0, number, 0.0))
    world = stage.world(50.0 / frames, 10, frames)
    boxes = [world.body(f"Box {number}") for number in range(3)]
    begin(world, lambda: [box.hold() for box in boxes] and None)
    states = []
    for number, box in enumerate(boxes):
        box.release(Pose((0.0, 0.0, 0.101 + 0.2 * number)))
        play(world, world.period)
        states.append([_state(box) for box in boxes])
    return states


def refused() -> dict[str, str]:
    """What is said of bodies that cannot be held or let go of."""
    stage = Stage()
    wall, arm = stage.box("Wall", type="PASSIVE"), stage.box("Arm", (1.0, 0.0, 0.0))
    stage.constraint("Hinge", "HINGE", (wall, arm), turned=ALONG_Y)
    stage.box("Free", (3.0, 0.0, 0.0))
    world = stage.world()
    free = world.body("Free")
    world.rest()
    free.hold()
    told = {"in reset": message(free.release)}
    world.start()
    told["wall"] = message(world.body("Wall").hold)
    told["arm"] = message(world.body("Arm").hold)
    told["nowhere"] = message(lambda: free.release(Pose((float("nan"), 0.0, 0.0))))
    free.release()
    play(world, 0.1)
    told["again"] = message(free.release)
    told["moved"] = message(lambda: free.move_to(Pose((0.0, 0.0, 0.0))))
    return told


def _state(body: Any) -> list[list[float]]:
    vectors = (body.position, body.orientation, body.velocity, body.angular_velocity)
    return [vector.tolist() for vector in vectors]
