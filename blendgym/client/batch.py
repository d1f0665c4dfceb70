"""The observations of many environments, in arrays that are handed out once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.client.settings import Settings
from blendgym.protocol import messages

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
        self._count = count
        self._placed: set[int] = set()
        self._new_states, self._new_images = self._empty()

    def place(
        self, first: int, slots: Sequence[int], reply: messages.Began | messages.Stepped, failed: Collection[int]
    ) -> Rows:
        """Takes the observations of a reply, once for each environment; those that failed keep what they had.

        Args:
            first: The environment in slot 0 of the server.
            slots: Whom the rows of the reply are for, in ascending order.
            reply: Of a server.
            failed: Slots whose rows are void.

        Returns:
            The rows of the batch that the rows of the reply are for.
        """
        if failed:
            for row, slot in enumerate(slots):
                if slot not in failed:
                    images = {name: image[row] for name, image in reply.images.items()}
                    self._set([first + slot], reply.observations[row], images)
            return [first + slot for slot in slots]
        return self._set([first + slot for slot in slots], reply.observations, reply.images)

    def place_context(self, row: int, unit: NDArray[np.float32]) -> None:
        """Takes the place of an environment's parameters in their unit cube, if observations show it."""
        if self._context.size:
            self._context = self._context.copy()
            self._context[row] = unit

    def observations(self) -> Any:
        """The batch. What is handed out is never written to again."""
        self._complete()
        return self._compose(self._states, self._images, self._context)

    def row(self, row: int) -> Any:
        """A copy of one observation."""
        self._complete()
        return self._compose(
            self._states[row].copy(),
            {name: image[row].copy() for name, image in self._images.items()},
            self._context[row].copy(),
        )

    def _set(self, rows: list[int], states: NDArray[Any], images: dict[str, NDArray[Any]]) -> Rows:
        if not self._placed.isdisjoint(rows):
            self._complete()
        self._placed.update(rows)
        at = slice(rows[0], rows[-1] + 1) if rows[-1] - rows[0] == len(rows) - 1 else rows
        self._new_states[at] = states
        for name, image in images.items():
            self._new_images[name][at] = image
        return at

    def _complete(self) -> None:
        """Makes the new batch the latest; environments that have nothing new are copied from the one before."""
        if not self._placed:
            return
        if len(self._placed) < self._count:
            old = [row for row in range(self._count) if row not in self._placed]
            self._new_states[old] = self._states[old]
            for name, image in self._images.items():
                self._new_images[name][old] = image[old]
        self._states, self._images = self._new_states, self._new_images
        self._new_states, self._new_images = self._empty()
        self._placed.clear()

    def _empty(self) -> tuple[NDArray[Any], dict[str, NDArray[Any]]]:
        return np.empty_like(self._states), {name: np.empty_like(image) for name, image in self._images.items()}
