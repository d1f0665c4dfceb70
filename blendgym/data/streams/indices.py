"""Which samples of a stream are whose: passes over it, and ranks that share it."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

from blendgym.checks import check_positive, read_integer
from blendgym.errors import InvalidOption
from blendgym.parameters.draws import keyed_generator
from blendgym.wire.messages import MAX_SEED


@dataclass(frozen=True)
class Indices:
    """The indices that one process is given, in their order.

    Slots count what there is for this process, from 0; indices count what there is for all ranks.

    Args:
        count: Samples in a pass, of all ranks together; ``None`` for a single pass without an end.
        repeat: Whether every pass has the same indices; otherwise each goes on behind the one before.
        rank: Of this process among those that share the stream, from 0.
        world_size: How many share it.
    """

    count: int | None = None
    repeat: bool = False
    rank: int = 0
    world_size: int = 1

    @property
    def per_pass(self) -> int | None:
        """How many this process is given in a pass."""
        return None if self.count is None else self.count // self.world_size

    def index(self, slot: int) -> int:
        """The index of a slot."""
        return slot * self.world_size + self.rank

    def slot(self, index: int) -> int:
        """The first slot of this process with that index, or one behind it."""
        return -((self.rank - index) // self.world_size)


def checked_indices(count: int | None, repeat: bool, rank: int, world_size: int) -> Indices:
    """The indices of one process.

    Raises:
        InvalidOption: If the arguments contradict each other.
    """
    check_positive(count=count, world_size=world_size)
    if not 0 <= read_integer("rank", rank) < world_size:
        raise InvalidOption(f"rank is {rank} of world_size={world_size}; expected one of 0 to world_size - 1.")
    if count is None:
        if repeat:
            raise InvalidOption("repeat=True needs a count: a stream without an end has nothing to repeat.")
        return Indices(None, False, rank, world_size)
    if count % world_size:
        raise InvalidOption(
            f"count is {count}; expected a multiple of world_size={world_size}, so that every rank is given as many."
        )
    return Indices(count, repeat, rank, world_size)


def read_indices(given: Any) -> list[int]:
    """Indices of samples as numbers of Python, of numbers of any library.

    Raises:
        InvalidOption: If there are none, or one is no whole number.
    """
    try:
        return [operator.index(each) for each in given]
    except TypeError:
        raise InvalidOption(f"indices is {given!r:.80}; expected several whole numbers, such as [3, 4].") from None


def sample_seed(seed: int, index: int) -> int:
    """The seed of the episode of a sample.

    Args:
        seed: Of the stream.
        index: Of the sample.
    """
    return int(keyed_generator(seed, "sample", index).integers(MAX_SEED, endpoint=True))
