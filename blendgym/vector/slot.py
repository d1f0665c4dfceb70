"""One of the environments of a ``BlendVectorEnv``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.client.host import Host
from blendgym.client.pictured import Pictured
from blendgym.client.settings import Settings
from blendgym.vector.member import Member


class Slot(Pictured, Member):
    """What can be asked of one environment among many: pictures, facts, its random numbers.

    Args:
        settings: Of all environments.
        host: Keeps its server.
        number: Of the slot there.
    """

    def __init__(self, settings: Settings, host: Host, number: int) -> None:
        super().__init__(settings, number)
        self._settings, self._host, self._number = settings, host, number

    def render(self) -> NDArray[np.uint8]:
        """An image of the present state: ``uint8 (render_height, render_width, 3)``."""
        return self._shown()
