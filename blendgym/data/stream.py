"""Streams of annotated images out of Blender."""

from __future__ import annotations

import atexit
import os
import weakref
from collections.abc import Hashable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any

from blendgym.client.counts import check_positive
from blendgym.client.settings import Settings
from blendgym.data.book import Book
from blendgym.data.dispatcher import Dispatcher, Skipped
from blendgym.data.indices import checked_indices
from blendgym.data.producers import Producer
from blendgym.data.sample import Sample
from blendgym.data.versions import Schedule
from blendgym.errors import InvalidOption
from blendgym.images.views import View
from blendgym.parameters.selection import Selection
from blendgym.parameters.sources import Prior
from blendgym.registry import environment_spec
from blendgym.task import Task

ORDERS = ("index", "ready")
ON_FAILURE = ("raise", "skip")
OF_OBSERVATIONS = ("obs_type", "width", "height", "camera_options", "views")
"""What an id may say about images that are observed; a stream has views of its own."""
NOT_FOR_STREAMS = {
    "obs_type": "passes= and views= say what is seen",
    "render_mode": "passes= and views= say what is seen",
    "expose": "a sample always has its parameters",
    "on_error": "on_failure= says what becomes of a sample that cannot be made",
}
THIS = "this process"


class Stream:
    """Annotated images of scenes that are set up anew for each: sample i is a function of seed, i and version alone.

    Blenders are launched by the first ``take()``, or by the beginning of an iteration, and work in threads of this
    process. One that dies is replaced, and what it was making is made again. A stream is not shared with children by a
    fork; see ``loader``.

    Args:
        scenario: A ``Scenario``, or any task, as its class or as ``module:Class``; or the id of an environment. What is
            captured is the scene at the beginning of an episode.
        seed: Of the stream.
        count: Samples in a pass, of all ranks together; ``None`` for a stream without an end.
        repeat: Whether each pass has the same samples, as for validation; otherwise each goes on behind the one before.
        producers: How many Blenders make samples. At an ``address=`` there is one for each address.
        passes: What is seen in each view that does not say otherwise: names of ``PASSES``.
        width: Likewise, in pixels.
        height: Likewise.
        camera_options: Likewise, further arguments of ``View`` such as ``visibility``, ``keypoints`` or ``samples``.
        views: Arguments of ``View`` by the name of each view. Default: those of the scenario, or a single one.
        randomize: Which parameters are drawn from their priors for each sample, as ``gym.make`` takes it.
        order: ``"index"`` for strictly ascending indices, ``"ready"`` for each as soon as it is made.
        ahead: How many samples for each producer may be ready or under way; then it waits for whoever takes them.
        max_failures: How often a sample may fail, or kill its Blender, before it counts as one that cannot be made.
        on_failure: What becomes of such a sample: ``"raise"`` for an error in its place, ``"skip"`` for an entry in
            ``skipped`` and a line in the log.
        rank: Of this process among those that share the stream, from 0: it is given each index i with
            i % world_size == rank.
        world_size: How many share it.
        arguments: Those of ``Settings``, such as ``camera``, ``engine``, ``deadlines``, ``blender`` or ``address``,
            and those of the task.

    Attributes:
        task: The scenario, for its declarations.
        views: What is captured of each sample, by name.
        skipped: The indices that have no sample.

    Raises:
        InvalidOption: If an argument has a wrong value, or the task does not take it.
        TaskNotFound: If there is no such scenario.
        InvalidParameter: If parameters that are to be randomized are unknown.
        RenderError: If a view makes no sense.
    """

    def __init__(
        self, scenario: str | type[Task], *, seed: int = 0, count: int | None = None, repeat: bool = False,
        producers: int = 1, passes: Iterable[str] = ("rgb",), width: int = 640, height: int = 480,
        camera_options: Mapping[str, Any] | None = None, views: Mapping[str, Mapping[str, Any]] | None = None,
        randomize: Selection = None, order: str = "index", ahead: int = 4, max_failures: int = 3,
        on_failure: str = "raise", rank: int = 0, world_size: int = 1, **arguments: Any,
    ) -> None:  # fmt: skip
        _check_choice("order", order, ORDERS)
        _check_choice("on_failure", on_failure, ON_FAILURE)
        check_positive(producers=producers, ahead=ahead, max_failures=max_failures)
        self.seed, self._indices = seed, checked_indices(count, repeat, rank, world_size)
        settings = _settings(scenario, arguments, randomize)
        if len(settings.addresses) not in (0, producers):
            raise InvalidOption(
                f"There are {len(settings.addresses)} addresses for producers={producers}; expected one for each."
            )
        self.task = settings.task
        common = {"passes": tuple(passes), "width": width, "height": height, **(camera_options or {})}
        self.views = _read_views(settings, common, views)
        book = Book(self._indices.per_pass, producers * ahead, order == "index", max_failures)
        schedule = Schedule(Prior(settings.randomized), {})
        self._dispatcher = Dispatcher(book, self._indices, schedule, seed, on_failure == "skip", producers)
        self._producers = [
            Producer(settings, self.views, seed, number, producers, self._dispatcher) for number in range(producers)
        ]
        self._is_started = False
        # Runs when this object goes. At the end of the interpreter it runs before what ends the Blenders one by one,
        # which would be replaced.
        self._finalizer = weakref.finalize(self, _end, self._dispatcher, self._producers, os.getpid())
        self._finalizer.atexit = False
        atexit.register(self._finalizer)

    def __iter__(self) -> Iterator[Sample]:
        """A pass: the samples that are left of the present one, or else those of the next.

        A sample counts as confirmed when it is handed over.
        """
        self.begin_pass()
        while (sample := self.take(THIS)) is not None:
            self.confirm([sample.index])
            yield sample

    def __len__(self) -> int:
        """How many samples this process is given in a pass.

        Raises:
            TypeError: If the stream has no end.
        """
        if self._indices.per_pass is None:
            raise TypeError("The stream has no end, and so no length; make it with a count.")
        return self._indices.per_pass

    def __enter__(self) -> Stream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def skipped(self) -> list[Skipped]:
        """The indices that have no sample, with ``on_failure="skip"``."""
        return list(self._dispatcher.skipped)

    def begin_pass(self) -> None:
        """Begins the next pass, if all of the present one is taken; otherwise that one goes on."""
        self._dispatcher.begin_pass()

    def take(self, owner: Hashable = THIS, timeout: float | None = None) -> Sample | None:
        """Gives an owner the sample whose turn it is.

        Args:
            owner: Whose it is until it is confirmed: any name.
            timeout: Seconds to wait for it; ``None`` for as long as it takes.

        Returns:
            The sample; ``None`` if nothing is left to be taken of the present pass.

        Raises:
            SampleFailed: If it could not be made; ``details`` have its ``index`` and ``seed``.
            SampleTimeout: If it is not ready in time.
            EnvironmentClosed: After ``close()``, also while it is waited for.
            BlendgymError: If no producer is left; that of the last one.
        """
        self._start()
        return self._dispatcher.take(owner, timeout)

    def put_back(self, owner: Hashable) -> None:
        """All that an owner took and that is not confirmed is due again: for owners that are lost."""
        self._dispatcher.put_back(owner)

    def confirm(self, indices: Iterable[int]) -> None:
        """Is done with samples, whoever has taken them. To confirm one again does no harm.

        Raises:
            InvalidOption: If one was never taken here.
        """
        self._dispatcher.confirm(indices)

    def close(self) -> None:
        """Ends all Blenders. May be called more than once."""
        self._finalizer()
        atexit.unregister(self._finalizer)

    def _start(self) -> None:
        if self._is_started:
            return
        self._is_started = True
        for producer in self._producers:
            producer.start()


def _end(dispatcher: Dispatcher, producers: list[Producer], owner: int) -> None:
    if os.getpid() != owner:  # A forked child has no producers.
        return
    dispatcher.close()
    for producer in producers:
        producer.close()


def _check_choice(name: str, given: Any, choices: tuple[str, ...]) -> None:
    if given not in choices:
        raise InvalidOption(f"{name} is {given!r}; expected one of {', '.join(map(repr, choices))}.")


def _settings(scenario: str | type[Task], arguments: Mapping[str, Any], randomize: Selection) -> Settings:
    """What the Blenders of a stream serve."""
    for name, cure in NOT_FOR_STREAMS.items():
        if name in arguments:
            raise InvalidOption(f"{name} is for environments; of a stream, {cure}.")
    name = f"{scenario.__module__}:{scenario.__qualname__}" if isinstance(scenario, type) else scenario
    of_id = {key: value for key, value in environment_spec(name).kwargs.items() if key not in OF_OBSERVATIONS}
    return Settings(**{**of_id, **arguments, "randomize": randomize})


def _read_views(
    settings: Settings, common: Mapping[str, Any], given: Mapping[str, Mapping[str, Any]] | None
) -> dict[str, View]:
    named = given if given is not None else getattr(settings.task, "views", None) or {"": {}}
    return {name: settings.view(**{**common, **own, "name": name}) for name, own in named.items()}
