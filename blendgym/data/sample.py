"""What a stream consists of."""

from __future__ import annotations

from typing import Any

import msgspec
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.images.captures import Capture


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One scene with everything that is known about it: a function of the stream's seed, index and version alone.

    Args:
        index: Its place in the stream, from 0.
        version: Of the distribution that its parameters were drawn from, from 0.
        seed: Of the episode: what the scenario's generator was seeded with.
        parameters: All randomization parameters in effect, by name, read back from Blender.
        unit: The place of the randomized parameters in their unit cube, float64 (dimensions,).
        log_probability: Logarithm of the density that they were drawn with, in that cube; 0 if it is uniform.
        labels: What the scenario says about the scene, arrays by name; of an environment, its state.
        views: Captures by the name of their view; ``{"": …}`` for a single view without one.
    """

    index: int
    version: int = 0
    seed: int
    parameters: dict[str, float] = {}
    unit: NDArray[Any]
    log_probability: float = 0.0
    labels: dict[str, NDArray[Any]] = {}
    views: dict[str, Capture]

    @property
    def view(self) -> Capture:
        """The only view, or the first of several."""
        return next(iter(self.views.values()))

    @property
    def images(self) -> dict[str, NDArray[Any]]:
        """The images of that view, by pass."""
        return self.view.images


def check_sample(given: Any) -> None:
    """Looks at what is to be written.

    Raises:
        InvalidOption: If it is no ``Sample``.
    """
    if not isinstance(given, Sample):
        raise InvalidOption(f"What is to be written is {given!r:.80}; expected a Sample, such as a Stream gives.")
