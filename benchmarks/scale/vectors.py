"""Many environments on many servers: all are asked, all work, and the trainer waits for the last of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from blendgym.benchmarks.scale.costs import Reached, Site, VectorCosts
from blendgym.benchmarks.scale.events import Events, Line, Processors


def simulate_vectors(costs: VectorCosts, servers: int, slots: int, site: Site, steps: int = 3) -> Reached:
    """Lets a trainer step environments, as ``BlendVectorEnv`` does.

    Args:
        costs: Of each thing.
        servers: How many there are.
        slots: Of each server.
        site: Where they run.
        steps: Of all environments together.
    """
    events = Events()
    run = _Run(costs, slots, site, events)
    spread = np.random.default_rng(0)
    for _ in range(steps):
        run.step(spread.lognormal(0.0, costs.spread, servers).tolist())
    time = events.now
    rate = steps * servers * slots / time
    return Reached(rate, run.trainer.busy / time, run.link.busy / time, run.worked / (servers * time))


def bound_vectors(costs: VectorCosts, servers: int, slots: int, site: Site) -> float:
    """The rate that nothing can exceed: that of the trainer, the link or the servers, each as if alone."""
    environments = servers * slots
    trainer = costs.step + servers * (costs.message / 2 + costs.taking(slots))
    seconds = max(trainer, environments * costs.size / site.bandwidth, costs.answer(slots))
    work = trainer + servers * costs.answer(slots)
    return environments / max(seconds, work / site.processors)


class _Run:
    """The trainer, its link and the processors.

    Args:
        costs: Of each thing.
        slots: Of each server.
        site: Where they run.
        events: Whose time it is.

    Attributes:
        worked: Seconds of all servers together.
    """

    def __init__(self, costs: VectorCosts, slots: int, site: Site, events: Events) -> None:
        self._costs, self._slots, self._site, self._events = costs, slots, site, events
        self._processors = Processors(events, site.processors)
        self.trainer = Line(self._processors)
        self.link = Line(Processors(events))
        self.worked = 0.0

    def step(self, factors: Sequence[float]) -> None:
        """Steps all environments; of each server, how much longer than usual it takes."""
        self._arrived = [False] * len(factors)
        self._taken = 0
        self.trainer.work(self._costs.step, lambda: None)
        for server, factor in enumerate(factors):
            self.trainer.work(self._costs.message / 2, partial(self._serve, server, factor))
        self._events.run()

    def _serve(self, server: int, factor: float) -> None:
        seconds = factor * self._costs.answer(self._slots)
        self.worked += seconds
        self._processors.work(seconds, lambda: self._reply(server))

    def _reply(self, server: int) -> None:
        on_the_way = self._slots * self._costs.size / self._site.bandwidth
        self.link.work(on_the_way, lambda: self._arrive(server))

    def _arrive(self, server: int) -> None:
        self._arrived[server] = True
        # Replies are taken in the order of the servers, not in that of their arrival.
        while self._taken < len(self._arrived) and self._arrived[self._taken]:
            self._taken += 1
            self.trainer.work(self._costs.taking(self._slots), lambda: None)
