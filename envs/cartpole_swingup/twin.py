"""The twin of ``BlendCartpoleSwingup-v1``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.cartpole.twin import CartpoleTwin
from blendgym.envs.cartpole_swingup.task import POSITION_LIMIT, STANDING_ANGLE, STANDING_SPEED
from blendgym.twins.runge_kutta import States
from blendgym.twins.twin import Values


class CartpoleSwingupTwin(CartpoleTwin):
    """Swinging up poles on carts."""

    def _initial_state(self, draws: NDArray[np.float64], values: Values) -> tuple[States, States]:
        positions, velocities = super()._initial_state(draws, values)
        positions[1] += math.pi
        return positions, velocities

    def _observe(self, positions: States, velocities: States) -> NDArray[Any]:
        position, angle = positions
        observations = np.empty((len(angle), 5), np.float32)
        observations[:, 0] = position
        observations[:, 1] = velocities[0]
        observations[:, 2] = np.cos(angle)
        observations[:, 3] = np.sin(angle)
        observations[:, 4] = velocities[1]
        return observations

    def _outcome(self) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
        position, angle = self.positions
        upright = (1.0 + np.cos(angle)) / 2.0
        rate = self.velocities[1]
        still = 1.0 / (1.0 + (rate / STANDING_SPEED) ** 2)
        off_centre = np.minimum(np.abs(position) / POSITION_LIMIT, 1.0)
        off_track = np.abs(position) > POSITION_LIMIT
        stands = (np.cos(angle) > math.cos(STANDING_ANGLE)) & (np.abs(rate) < STANDING_SPEED)
        return upright**2 * still * (1.0 - off_centre**2), off_track, stands & ~off_track
