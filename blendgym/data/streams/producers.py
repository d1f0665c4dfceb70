"""Producers: a thread each, with a Blender of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.client.host import Host
from blendgym.client.restarts import RestartLimit
from blendgym.client.settings import Settings
from blendgym.data.sample import Sample
from blendgym.data.streams.dispatcher import Dispatcher, Made, Order
from blendgym.data.streams.feedback import TeacherTask
from blendgym.errors import BlendgymError, RestartLimitReached, ServerError, ServerUnreachable
from blendgym.images.views import View
from blendgym.wire.messages import Episode


class Drawn(NamedTuple):
    """What is drawn for a sample, before there is a scene.

    Args:
        episode: What its scene is set up by.
        unit: The place of its parameters in their unit cube, (dimensions,).
        log_probability: With which it was drawn there.
        teacher_task: What a teacher is told of it later; ``None`` without a teacher.
    """

    episode: Episode
    unit: NDArray[np.float64]
    log_probability: float
    teacher_task: TeacherTask | None


PATIENCE = 1.0
"""Seconds that a producer may go on with its sample when the stream is closed; then its Blender is killed."""


class Producer:
    """Makes what a dispatcher orders, on a Blender that is launched anew whenever it dies, or a sample failed there.

    It knows the dispatcher and not the stream, which may go while threads are at work.

    Args:
        settings: What Blender serves.
        views: What is captured of each sample, by name.
        seed: Of the stream.
        number: Of the producer, from 0.
        count: How many producers there are.
        dispatcher: Orders samples, and takes them.
    """

    def __init__(
        self, settings: Settings, views: Mapping[str, View], seed: int, number: int, count: int, dispatcher: Dispatcher
    ) -> None:
        self._settings, self._views, self._seed = settings, views, seed
        self._number, self._dispatcher = number, dispatcher
        # Whoever kills a Blender from outside may do so often; a sample that kills it is counted by the book.
        limit = RestartLimit(settings.max_restarts, memory=0.0)
        self._host = Host(settings, 1, limit, (number, count), awake=False)
        self._randomizer = settings.make_randomizer()
        self._thread = threading.Thread(target=self._work, name=f"blendgym producer {number}", daemon=True)

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Process id of its Blender, while there is one here."""
        return self._host.pid

    def close(self) -> None:
        """Waits until it has ended, which it does when the dispatcher is closed, and sees to it that it does.

        Only one that waits for a server at an address to begin to listen is left to itself.
        """
        if not self._thread.ident or self._thread is threading.current_thread():
            return  # It was never started; or it is the one in which Python collects a stream that nobody has.
        self._thread.join(PATIENCE)
        limit = time.monotonic() + self._settings.deadlines.close + PATIENCE
        while self._thread.is_alive() and not (self._settings.addresses and time.monotonic() > limit):
            self._host.kill()
            self._thread.join(PATIENCE)

    def _work(self) -> None:
        try:
            while self._connects() and (order := self._dispatcher.order(self._number)):
                self._fulfil(order)
        except BlendgymError as error:
            self._dispatcher.lose(self._number, error)
        except Exception as error:  # Whoever waits for samples has to know, whatever it was.
            self._dispatcher.lose(self._number, ServerError(f"{type(error).__name__}: {error}"))
        finally:
            self._host.close()

    def _connects(self) -> bool:
        """Whether there is a Blender, which is waited for before anything is ordered; not if the stream is closed.

        Raises:
            RestartLimitReached: If one after the other failed before any sample could begin.
            ServerUnreachable: If nothing listens at the address.
            BlendgymError: If there can be none, such as for a scene that is missing.
        """
        while not self._dispatcher.is_closed:
            try:
                self._host.connect()
            except (RestartLimitReached, ServerUnreachable):
                raise
            except ServerError:
                continue  # The host counts it when it launches the next.
            return True
        return False

    def _fulfil(self, order: Order) -> None:
        try:
            drawn = self._draw(order)
        except Exception as error:  # A source of the user's may raise anything; the scene is as it was.
            self._fail(order, error)
            return
        try:
            sample = self._make(order, drawn)
        except Exception as error:
            self._fail(order, error)
            if not self._settings.addresses:
                self._host.kill()  # Whatever the scenario has left of its scene, no other sample is made there.
            return
        self._dispatcher.deliver(self._number, order, Made(sample, drawn.teacher_task))

    def _fail(self, order: Order, error: Exception) -> None:
        self._dispatcher.fail(self._number, order, f"{type(error).__name__}: {error}")

    def _draw(self, order: Order) -> Drawn:
        version, randomizer = order.version, self._randomizer
        randomizer.set_source(version.source)
        given = {**self._settings.read_options({}), "parameters": version.fixed}
        episode = randomizer.next_episode(order.seed, self._seed, given)
        record = randomizer.record
        return Drawn(
            episode=episode,
            unit=record["unit"],
            log_probability=version.log_probability(record["unit"], record["tag"]),
            teacher_task=TeacherTask(record["unit"], record["tag"], record["version"]) if version.is_taught else None,
        )

    def _make(self, order: Order, drawn: Drawn) -> Sample:
        began = self._host.reset(drawn.episode, forgiving=False)
        for fault in began.faults.values():
            raise fault.error()
        captures = self._host.capture(0, tuple(self._views.values()))
        return Sample(
            index=order.index,
            version=order.version.number,
            seed=order.seed,
            parameters=began.parameters[0],
            unit=drawn.unit,
            log_probability=drawn.log_probability,
            labels={name: rows[0, ...] for name, rows in began.observations.items()},
            views=dict(zip(self._views, captures, strict=True)),
        )
