"""Quasi-static pushing of the T, for many at once: what a planner imagines. Friction stops all that is not pushed.

The friction of the table is an ellipsoidal limit surface (Goyal, Ruina, Papadopoulos, "Planar sliding with dry
friction", 1991): a force through the centre of mass moves the block along itself, and a torque turns it. The finger
presses within Coulomb's cone, and slips along the block at its edge (Lynch, Maekawa, Tanie, "Manipulation and active
sensing by pushing using tactile feedback", 1992).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.push_t import tee

Floats = NDArray[np.float64]

TURNING_RADIUS = 0.06  # m: the largest torque of the table's friction over its largest force, as pushes in Blender show
STRIDE = 0.005  # m, of the fingers in one step of the simulation


class Contact:
    """Where fingers press on one part of blocks, in the frames of the blocks.

    Args:
        x: (count,) of the fingers, in m.
        y: (count,) likewise.
        part: Of the blocks.
        radius: Of the fingers, in m.
    """

    def __init__(self, x: Floats, y: Floats, part: tee.Rectangle, radius: float) -> None:
        side_x, side_y = np.where(x < part.x, -1.0, 1.0), np.where(y < part.y, -1.0, 1.0)
        out_x, out_y = np.abs(x - part.x) - part.half_width, np.abs(y - part.y) - part.half_height
        beyond_x, beyond_y = np.maximum(out_x, 0.0), np.maximum(out_y, 0.0)
        beyond = np.hypot(beyond_x, beyond_y)
        is_outside, across = beyond > 0.0, out_x > out_y
        scale = np.where(is_outside, beyond, 1.0)
        # Fingers press against the outward normal; along is to the right of that.
        self.press_x = -side_x * np.where(is_outside, beyond_x / scale, across)
        self.press_y = -side_y * np.where(is_outside, beyond_y / scale, ~across)
        self.along_x, self.along_y = -self.press_y, self.press_x
        distance = np.where(is_outside, beyond, np.maximum(out_x, out_y))
        self.depth = np.maximum(radius - distance, 0.0)
        point_x, point_y = x + self.press_x * distance, y + self.press_y * distance
        self.press_arm = point_x * self.press_y - point_y * self.press_x
        self.along_arm = point_x * self.along_y - point_y * self.along_x

    def forces(self, moved_along: Floats, friction: float) -> tuple[Floats, Floats]:
        """How hard the fingers press and hold, as the ways in m that forces would move the centre of a block.

        A force moves the point where it acts, by its own way and by that of the turn. The point goes as deep as the
        finger is within the block, and along with it unless that takes more than friction.
        """
        press = 1.0 + (self.press_arm / TURNING_RADIUS) ** 2
        both = self.press_arm * self.along_arm / TURNING_RADIUS**2
        along = 1.0 + (self.along_arm / TURNING_RADIUS) ** 2
        determinant = press * along - both**2
        pressing = (along * self.depth - both * moved_along) / determinant
        holding = (press * moved_along - both * self.depth) / determinant
        slips, edge = np.abs(holding) > friction * pressing, friction * np.sign(holding)
        pressing = np.where(slips, self.depth / np.maximum(press + edge * both, 0.1), pressing)
        return pressing, np.where(slips, edge * pressing, holding)


def push(fingers: Floats, blocks: Floats, ways: Floats, radius: float, friction: float) -> tuple[Floats, Floats]:
    """Moves fingers along straight ways; they push the blocks that they meet.

    Args:
        fingers: (count, 2) where they are, in m.
        blocks: (count, 3) x and y in m, angle in rad.
        ways: (count, 2) how far they go, in m.
        radius: Of a finger, in m.
        friction: Coulomb's coefficient between finger and block.

    Returns:
        Where fingers and blocks are then.
    """
    strides = max(1, round(float(np.hypot(*ways.T).max()) / STRIDE))
    blocks = blocks.copy()
    for _ in range(strides):
        fingers = fingers + ways / strides
        for part in tee.PARTS:
            _give_way(blocks, fingers, ways / strides, part, radius, friction)
    return fingers, blocks


def _give_way(
    blocks: Floats, fingers: Floats, moves: Floats, part: tee.Rectangle, radius: float, friction: float
) -> None:
    """Moves blocks, in place, out of fingers that have moved into one part of them."""
    cosine, sine = np.cos(blocks[:, 2]), np.sin(blocks[:, 2])
    x, y = (fingers - blocks[:, :2]).T
    contact = Contact(cosine * x + sine * y, cosine * y - sine * x, part, radius)
    touched = contact.depth > 0.0
    if not touched.any():
        return
    move_x, move_y = cosine * moves[:, 0] + sine * moves[:, 1], cosine * moves[:, 1] - sine * moves[:, 0]
    pressing, holding = contact.forces(move_x * contact.along_x + move_y * contact.along_y, friction)
    pressing, holding = np.where(touched, pressing, 0.0), np.where(touched, holding, 0.0)
    shift_x = pressing * contact.press_x + holding * contact.along_x
    shift_y = pressing * contact.press_y + holding * contact.along_y
    blocks[:, 0] += cosine * shift_x - sine * shift_y
    blocks[:, 1] += sine * shift_x + cosine * shift_y
    blocks[:, 2] += (contact.press_arm * pressing + contact.along_arm * holding) / TURNING_RADIUS**2
