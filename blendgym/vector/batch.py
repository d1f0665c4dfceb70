"""The observations of many environments, in one array for each part."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.client.settings import Settings
from blendgym.wire import messages

Rows = slice | list[int]
"""What NumPy takes: neighbours as a slice, which costs it least."""


class Batch:
    """The latest observation of each environment.

    Args:
        settings: Of the environments.
        count: How many.
    """

    def __init__(self, settings: Settings, count: int) -> None:
        self._compose = settings.observations.compose
        space, view = settings.task.observation_space, settings.observations.view
        self._states = np.zeros((count, *space.shape), space.dtype)
        blank = view.blank() if view else {}
        self._images = {name: np.zeros((count, *image.shape), image.dtype) for name, image in blank.items()}
        size = settings.observations.context[1] if settings.observations.context else 0
        self._context = np.zeros((count, size), np.float32)

    def place(
        self, first: int, slots: Sequence[int], reply: messages.Began | messages.Stepped, failed: Collection[int]
    ) -> Rows:
        """Takes the observations of a reply; environments that failed keep what they had.

        Args:
            first: The environment in slot 0 of the server.
            slots: Whom the rows of the reply are for, in ascending order.
            reply: Of a server.
            failed: Slots whose rows are void.

        Returns:
            The rows of the batch that the rows of the reply are for.
        """
        rows = [first + slot for slot in slots]
        if failed:
            for row, slot in enumerate(slots):
                if slot not in failed:
                    images = {name: image[row] for name, image in reply.images.items()}
                    self._set(first + slot, reply.observations[row], images)
            return rows
        at = slice(rows[0], rows[-1] + 1) if rows[-1] - rows[0] == len(rows) - 1 else rows
        self._set(at, reply.observations, reply.images)
        return at

    def place_context(self, row: int, unit: NDArray[np.float32]) -> None:
        """Takes the place of an environment's parameters in their unit cube, if observations show it."""
        if self._context.size:
            self._context[row] = unit

    def observations(self) -> Any:
        """A copy of the batch: whoever gets it may write to it."""
        images = {name: image.copy() for name, image in self._images.items()}
        return self._compose(self._states.copy(), images, self._context.copy())

    def row(self, row: int) -> Any:
        """A copy of one observation."""
        images = {name: image[row].copy() for name, image in self._images.items()}
        return self._compose(self._states[row].copy(), images, self._context[row].copy())

    def _set(self, rows: Rows | int, states: NDArray[Any], images: dict[str, NDArray[Any]]) -> None:
        self._states[rows] = states
        for name, image in images.items():
            self._images[name][rows] = image
