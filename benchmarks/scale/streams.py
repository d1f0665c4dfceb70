"""A stream: producers make what a dispatcher in the trainer's process orders, as far as there is credit."""

from __future__ import annotations

from blendgym.benchmarks.scale.costs import Reached, Site, StreamCosts
from blendgym.benchmarks.scale.events import Events, Line, Processors

AHEAD = 4
"""Places that may be leased or ready for each producer, as ``Stream`` has it by default."""


def simulate_stream(costs: StreamCosts, producers: int, site: Site, samples: int | None = None) -> Reached:
    """Lets a trainer take samples as soon as they are there.

    Args:
        costs: Of each thing.
        producers: How many there are.
        site: Where they run.
        samples: How many are taken; by default some for each producer.
    """
    run = _Run(costs, producers, site)
    return run.take(samples or max(200, 2 * producers))


def bound_stream(costs: StreamCosts, producers: int, site: Site) -> float:
    """The rate that nothing can exceed: of dispatcher, training, link and producers, each as if alone."""
    dispatcher = costs.sample + costs.place * producers  # Each producer has a place of its own at least.
    alone = max(dispatcher, costs.update, costs.size / site.bandwidth, costs.making / producers)
    return 1 / max(alone, (dispatcher + costs.update + costs.making) / site.processors)


class _Run:
    """The threads of the trainer, its link, the processors and the producers.

    Args:
        costs: Of each thing.
        producers: How many there are.
        site: Where they run.
    """

    def __init__(self, costs: StreamCosts, producers: int, site: Site) -> None:
        self._costs, self._producers, self._site = costs, producers, site
        self._events = Events()
        self._processors = Processors(self._events, site.processors)
        self._dispatcher, self._training = Line(self._processors), Line(self._processors)
        self._link = Line(Processors(self._events))
        self._open = 0  # Places that are leased or ready.
        self._idle = self._taken = 0
        self._made = 0.0

    def take(self, samples: int) -> Reached:
        """Takes so many samples; what was reached in the last half of them."""
        for _ in range(self._producers):
            self._order()
        self._events.run(lambda: self._taken >= samples // 2)
        before = self._counted()
        self._events.run(lambda: self._taken >= samples)
        differences = (now - then for now, then in zip(self._counted(), before, strict=True))
        time, taken, dispatcher, training, link, made = differences
        busiest = max(dispatcher, training)
        return Reached(taken / time, busiest / time, link / time, made / time / self._producers)

    def _counted(self) -> tuple[float, ...]:
        busy = (line.busy for line in (self._dispatcher, self._training, self._link))
        return (self._events.now, self._taken, *busy, self._made)

    def _order(self) -> None:
        if self._open >= AHEAD * self._producers:
            self._idle += 1
            return
        self._open += 1
        self._processors.work(self._costs.making, self._send)

    def _send(self) -> None:
        self._made += self._costs.making
        self._link.work(self._costs.size / self._site.bandwidth, self._arrive)

    def _arrive(self) -> None:
        self._dispatcher.work(self._costs.sample + self._costs.place * self._open, self._deliver)

    def _deliver(self) -> None:
        self._order()
        self._training.work(self._costs.update, self._take)

    def _take(self) -> None:
        self._taken += 1
        self._open -= 1
        if self._idle:
            self._idle -= 1
            self._order()
