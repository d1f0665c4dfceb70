"""How far away and how fast a body can be for Blender's physics to simulate it."""

from __future__ import annotations

import math

from mathutils import Vector

from blendgym.errors import SceneError

FARTHEST = 10_000.0  # m; there single precision resolves a millimetre, and slow bodies stand still
LARGEST_TURN = math.pi / 4  # rad in a physics step; Bullet cuts off what is beyond
HALF_A_TURN = math.pi  # rad in a frame; beyond, two poses do not tell which way a body has turned

LONGEST_STEP = 0.05  # s; in it, what has fallen for a metre goes on for 22 cm
GOOD_STEP = 0.004  # s; about that of Blender's own default


def require_short_steps(period: float, substeps: int, frames_per_step: int) -> None:
    """Makes sure that what falls does not pass through the floor without having touched it.

    Args:
        period: Simulated seconds in one frame.
        substeps: Physics steps in one frame.
        frames_per_step: Frames in one step of the task.

    Raises:
        SceneError: If a step of the physics takes too long.
    """
    step = period / substeps
    if step <= LONGEST_STEP:
        return
    frames = math.ceil(frames_per_step * step / GOOD_STEP)
    raise SceneError(
        f"A step of the physics would take {step:.3g} s, in which bodies pass through each other: it is 1 / "
        f"(control_rate · frames_per_step · substeps). Expected at most {LONGEST_STEP} s; frames_per_step = {frames} "
        f"makes it {GOOD_STEP} s."
    )


def require_near(location: Vector, whose: str) -> None:
    """Makes sure that something is put where the physics has numbers for it.

    Raises:
        SceneError: If it is too far away.
    """
    if not max(map(abs, location)) <= FARTHEST:
        raise SceneError(
            f"The position of {whose} is {tuple(location)} m; single precision resolves a millimetre up to "
            f"{FARTHEST:g} m from the origin, and no further away."
        )


def require_slow(velocity: Vector, rate: Vector, period: float, substeps: int, whose: str) -> None:
    """Makes sure that something begins no faster than the physics can simulate.

    Args:
        velocity: In m/s.
        rate: Angular velocity, in rad/s.
        period: Simulated seconds in one frame.
        substeps: Physics steps in one frame.
        whose: What moves, for messages.

    Raises:
        SceneError: If it is too fast.
    """
    if not velocity.length * period <= FARTHEST:
        raise SceneError(
            f"{whose} cannot begin with {velocity.length:g} m/s; at most it moves {FARTHEST:g} m in a frame, which is "
            f"{FARTHEST / period:g} m/s here."
        )
    fastest = min(LARGEST_TURN * substeps, HALF_A_TURN) / period
    if not rate.length < fastest:
        raise SceneError(
            f"{whose} cannot begin with {rate.length:g} rad/s; at most it turns by an eighth in a physics step and by "
            f"a half in a frame, which is {fastest:g} rad/s here. More frames_per_step or substeps let it be faster."
        )
