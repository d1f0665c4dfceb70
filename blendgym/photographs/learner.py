"""What networks of studies on photographs have in common: they learn from what arrives in chunks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from blendgym.agents.torch_modes import learning
from blendgym.errors import InvalidStudy


class Schedule(Protocol):
    """How long a network is trained, and how fast."""

    @property
    def steps_per_chunk(self) -> int:
        """Updates after something has arrived, on all that has."""

    @property
    def last_steps(self) -> int:
        """Updates after the last chunk."""

    @property
    def rate(self) -> float:
        """Highest learning rate of AdamW, by one cycle (Smith and Topin 2018)."""

    @property
    def decay(self) -> float:
        """Of its weights."""


class Learner(ABC):
    """A network, and all that it has seen.

    Args:
        make: Makes the network, untrained.
        schedule: How long it is trained, and how fast.
        chunks: How often something to learn from will arrive.
        seed: Of its first weights and its batches.
    """

    def __init__(self, make: Callable[[], nn.Module], schedule: Schedule, chunks: int, seed: int) -> None:
        self._schedule = schedule
        self._generator = torch.Generator().manual_seed(seed)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self._network = make()
        self._optimizer = torch.optim.AdamW(self._network.parameters(), weight_decay=schedule.decay)
        steps = chunks * schedule.steps_per_chunk + schedule.last_steps
        self._rate = torch.optim.lr_scheduler.OneCycleLR(self._optimizer, schedule.rate, steps)

    def finish(self) -> None:
        """Learns for the last time."""
        self._update(self._schedule.last_steps)

    def weights(self) -> dict[str, NDArray[Any]]:
        """What it has learned, arrays by name."""
        return {name: tensor.numpy().copy() for name, tensor in self._network.state_dict().items()}

    @abstractmethod
    def _batch_loss(self) -> Tensor:
        """The loss of a batch of what has arrived so far, drawn by ``_generator``."""

    def _learn_a_while(self) -> None:
        self._update(self._schedule.steps_per_chunk)

    def _update(self, steps: int) -> None:
        self._network.train()
        with learning():
            for _ in range(steps):
                loss = self._batch_loss()
                self._optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                self._optimizer.step()
                self._rate.step()


class Batch(Protocol):
    """Some of what is learned from, as arrays whose first axis counts it."""

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All of several parts."""

    def part(self, start: int, stop: int) -> Self:
        """Those from one on up to another one."""


Seen = TypeVar("Seen", bound=Batch)


class BatchLearner(Learner, Generic[Seen]):
    """A network that learns from what comes in batches of one kind."""

    _known: Seen | None = None

    def learn(self, seen: Seen) -> None:
        """Learns a while from what has arrived so far."""
        self._known = seen if self._known is None else seen.joined([self._known, seen])
        self._learn_a_while()

    @abstractmethod
    def losses(self, seen: Seen) -> NDArray[np.float64]:
        """The loss of each, (count,), as the network is now."""

    @abstractmethod
    def _loss_of_some(self, known: Seen) -> Tensor:
        """The loss of some of what has arrived so far, drawn by ``_generator``."""

    def _batch_loss(self) -> Tensor:
        if self._known is None:
            raise InvalidStudy("A network cannot learn before anything has arrived.")
        return self._loss_of_some(self._known)
