"""Streams of annotated images out of Blender."""

from __future__ import annotations

import atexit
import dataclasses
import threading
import weakref
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from numpy.typing import ArrayLike

from blendgym.checks import check_choice, check_dicts, check_positive, is_number, read_integer
from blendgym.data.sample import Sample
from blendgym.data.streams.book import Book
from blendgym.data.streams.dispatcher import Dispatcher, Skipped
from blendgym.data.streams.feedback import TeacherMaker, make_feedback
from blendgym.data.streams.indices import checked_indices, read_indices
from blendgym.data.streams.moments import first_place
from blendgym.data.streams.producers import Producer
from blendgym.data.streams.resuming import restored_versions
from blendgym.data.streams.serving import read_passes, read_views, scenario_settings
from blendgym.data.streams.states import read_state
from blendgym.data.streams.updates import Distribution, read_distribution, read_update, told_selection
from blendgym.data.streams.versions import Schedule
from blendgym.errors import InvalidOption, NotCopyable
from blendgym.images.plain import plain
from blendgym.parameters.sources import Source
from blendgym.processes import Owner
from blendgym.task import Task
from blendgym.teachers.plain_states import packed

if TYPE_CHECKING:
    from blendgym.data.delivery.dataset import StreamDataset
    from blendgym.data.delivery.loader import Loader

ORDERS = ("index", "ready")
ON_FAILURE = ("raise", "skip")
THIS = "this process"
ELSEWHERE = (
    "Other processes are given its samples by stream.dataset(), which can be pickled, or by stream.loader(…, "
    "num_workers=…); or they make a stream of their own, with rank= and world_size=, or with load_state_dict()."
)
"""How to have a stream in several processes."""


class Stream:
    """Annotated images of scenes that are set up anew for each: sample i is a function of seed, i and version alone.

    Blenders are launched by the first ``take()``, or by the beginning of an iteration, and work in threads of this
    process. One that dies is replaced, and what it was making is made again. A stream is neither copied nor shared with
    children by a fork; see ``loader``.

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
        randomize: Which parameters are drawn from their priors for each sample, as ``gym.make`` takes it; a single
            number in place of bounds fixes one.
        teacher: Draws the parameters of ``randomize`` instead: ``"adaptive"`` for the frontier over a uniform floor, or
            a class of ``blendgym.teachers`` or a function that makes one from the place of the nominal values in the
            cube.
        passing_loss: The loss that a teacher takes for a score of ½ out of 1, and up to which it takes a sample for a
            success; a loss of 0 has the score 1, and each further ``passing_loss`` halves it.
        order: ``"index"`` for strictly ascending indices, ``"ready"`` for each as soon as it is made.
        ahead: How many samples for each producer may be ready or under way; then it waits for whoever takes them.
        max_failures: How often a sample may fail, or kill its Blender, before it counts as one that cannot be made.
        on_failure: What becomes of such a sample: ``"raise"`` for an error in its place, ``"skip"`` for an entry in
            ``skipped``, a line in the log, and the next index behind the pass instead, so that each pass, of every
            rank, has its length. If 32 are skipped one after the other, that is an error, too.
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
        randomize: Distribution = None, teacher: TeacherMaker | None = None,
        passing_loss: float = 1.0, order: str = "index", ahead: int = 4, max_failures: int = 3,
        on_failure: str = "raise", rank: int = 0, world_size: int = 1, **arguments: Any,
    ) -> None:  # fmt: skip
        check_choice("order", order, ORDERS)
        check_choice("on_failure", on_failure, ON_FAILURE)
        check_positive(producers=producers, ahead=ahead, max_failures=max_failures)
        self.seed = seed = read_integer("seed", seed)
        self._order, self._indices = order, checked_indices(count, repeat, rank, world_size)
        settings = scenario_settings(scenario, arguments)
        if len(settings.addresses) not in (0, producers):
            raise InvalidOption(
                f"producers is {producers}, with {len(settings.addresses)} in address=; expected one address for each."
            )
        self.task = settings.task
        check_dicts(camera_options=camera_options)
        common = {"passes": read_passes(passes), "width": width, "height": height, **(camera_options or {})}
        self.views = read_views(settings, common, views)
        settings.warm_up = tuple(self.views.values())
        book = Book(self._indices.per_pass, producers * ahead, order == "index", max_failures, repeat)
        drawing = read_distribution(self.task.parameters, randomize)
        self._feedback = make_feedback(teacher, drawing, passing_loss)
        schedule = Schedule(self._feedback.drawing() if self._feedback else drawing)
        self._about = {
            "scenario": settings.task_name,
            "options": packed(plain(settings.options)),
            "appearance": packed(plain(settings.appearance)),
            "views": packed(plain(self.views)),
            "randomize": told_selection(drawing),
            "seed": seed,
            **dataclasses.asdict(self._indices),
        }
        self._owner = Owner()
        self._own = Dispatcher(book, self._indices, schedule, seed, on_failure == "skip", producers)
        self._producers = [
            Producer(settings, self.views, seed, number, producers, self._own) for number in range(producers)
        ]
        self._loaders: weakref.WeakSet[Loader] = weakref.WeakSet()
        self._is_started, self._starting = False, threading.Lock()
        # At the end of the interpreter it runs before what ends the Blenders one by one, which would be replaced.
        self._finalizer = self._owner.finalize(self, _end, self._own, self._producers)
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

    def __getitem__(self, index: int) -> NoReturn:
        """Says what a ``DataLoader`` takes instead, which believes that whatever is no ``IterableDataset`` has indices.

        Raises:
            InvalidOption: Always.
        """
        raise InvalidOption(
            "A stream gives its samples in its own order, and none by its index. For batches there is stream.loader(); "
            "for a DataLoader of one's own, stream.dataset()."
        )

    def __enter__(self) -> Stream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __getstate__(self) -> NoReturn:
        """Says what can be copied instead.

        Raises:
            NotCopyable: Always.
        """
        raise NotCopyable(f"A stream has Blenders and threads of its own, and cannot be copied or pickled. {ELSEWHERE}")

    @property
    def _dispatcher(self) -> Dispatcher:
        """For this process alone: in a fork there are no producers, and its locks may be held for ever."""
        if not self._owner.is_here():
            raise NotCopyable(f"Blenders and threads of this stream are in process {self._owner.pid}. {ELSEWHERE}")
        return self._own

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
            NotCopyable: In a fork of the process that made the stream, as by all else.
            InvalidOption: If the timeout is no number of seconds.
        """
        if timeout is not None and not (is_number(timeout) and timeout >= 0.0):
            raise InvalidOption(f"timeout is {timeout!r:.80}; expected seconds, 0 or more, or None to wait.")
        dispatcher = self._dispatcher
        self._start()
        made = dispatcher.take(owner, timeout)
        if made is None:
            return None
        if self._feedback and made.teacher_task:
            self._feedback.note(made.sample.index, made.teacher_task)
        return made.sample

    def put_back(self, owner: Hashable) -> None:
        """All that an owner took and that is not confirmed is due again: for owners that are lost."""
        self._dispatcher.put_back(owner)

    def confirm(self, indices: Iterable[int]) -> None:
        """Is done with samples, whoever has taken them. To confirm one again does no harm.

        One that is the cause of a ``SampleFailed`` is skipped so: the stream goes on with another one in its place.

        Raises:
            InvalidOption: If one was never taken here, or is no whole number.
        """
        self._dispatcher.confirm(read_indices(indices))

    def update(self, distribution: Distribution, when: str = "soon", *, at_index: int | None = None) -> int:
        """Lets further samples be drawn from something else. Each sample says which ``version`` it is of.

        An update holds from its place on, until a later one says otherwise.

        Args:
            distribution: A ``Source``, which is copied; or what ``randomize=`` takes. A dict changes the parameters
                that it names, and the others stay as they are at that place; by anything else, parameters that are not
                named have their nominal values from there on.
            when: ``"soon"`` for the first index that nobody has begun, so that nothing is made in vain; ``"lockstep"``
                for the next one that is taken, so that what was made ahead is made anew. What an owner took and put
                back stays as it was.
            at_index: From which index on, instead.

        Returns:
            The number of the new version.

        Raises:
            InvalidParameter: If a parameter is unknown, or a value or bound wrong; nothing has changed then.
            InvalidOption: If the stream has a teacher, nothing is named, a dict is to change what a source draws, a
                sample from ``at_index`` on was taken, or lockstep is asked of ``order="ready"``.
            EnvironmentClosed: After ``close()``.
        """
        if self._feedback:
            raise InvalidOption(
                "The teacher of this stream draws its parameters, and an update would end that. A teacher is told "
                "losses by report(); for updates of your own, make the stream without teacher=."
            )
        change = read_update(self.task.parameters, distribution)
        return self._dispatcher.update(change, first_place(when, at_index, self._order)).number

    def report(self, indices: ArrayLike, losses: ArrayLike, when: str = "soon") -> None:
        """Tells the teacher how the student did on samples. If it adapts, there is an ``update`` with what it teaches.

        Args:
            indices: Of samples that were taken, a number or several.
            losses: Of each, 0 or more; tensors may have a gradient. How they are seen is said by ``passing_loss``.
            when: From where on what it teaches then holds, as ``update`` takes it. In ``"lockstep"`` samples depend on
                reports alone, and not on how far producers are ahead.

        Raises:
            InvalidOption: If there is no teacher; there is no such moment, or lockstep is asked of ``order="ready"``;
                not a finite loss of 0 or more for each; or if an index was never taken here, was reported before, or
                was taken more than 10,000 samples ago. Nothing has changed then.
        """
        if self._feedback is None:
            raise InvalidOption("The stream has no teacher to report to; make it with teacher=.")
        place = first_place(when, None, self._order)
        drawing = self._feedback.report(indices, losses)
        if drawing:
            self._dispatcher.update(lambda _: drawing, place)

    def state_dict(self) -> dict[str, Any]:
        """Where the stream is, as plain data that survives JSON: what is confirmed, and the versions that still hold.

        A stream with the same arguments, but perhaps other producers, goes on from there: what is not confirmed comes,
        bit for bit as it would have come here.
        """
        teacher = self._feedback.state() if self._feedback else None
        return {"about": self._about, "teacher": teacher, **self._dispatcher.state()}

    def load_state_dict(self, state: Mapping[str, Any], sources: Mapping[int, Source] | None = None) -> None:
        """Goes on from where a stream was.

        Args:
            state: What ``state_dict`` has given.
            sources: By the number of the version, what draws where an ``update`` took a ``Source``. If it has
                ``load_state_dict``, it is given what its ``state_dict`` said then.

        Raises:
            InvalidOption: If it is the state of another stream or damaged, or a source is missing; nothing has changed
                then.
            InvalidParameter: If it names an unknown parameter, or a wrong value or bound; likewise.
            EnvironmentClosed: After ``close()``.
        """
        self.check_open()
        read = read_state(self._about, state)
        versions = restored_versions(read, self.task.parameters, self._feedback, sources or {})
        if self._feedback and read["teacher"] is not None:
            self._feedback.load(read["teacher"])
        self._dispatcher.load(read, versions)

    def loader(
        self, batch_size: int, num_workers: int = 0, transform: Callable[[Sample], Any] | None = None, **options: Any
    ) -> Loader:
        """Batches of tensors for a training loop; each iteration over it is a pass.

        Args:
            batch_size: Samples in a batch; the last one of a pass may have fewer.
            num_workers: Processes that make batches; 0 for this process.
            transform: Makes of a ``Sample`` what is collated; ``None`` for its tensors by name.
            options: Further arguments of ``Loader``: ``collate``, ``prefetch_factor``, ``timeout``,
                ``multiprocessing_context``.

        Raises:
            InvalidOption: If a number makes no sense.
        """
        from blendgym.data.delivery.loader import Loader  # Whoever only records needs no torch.

        return Loader(self, batch_size, num_workers, transform, **options)

    def dataset(self, transform: Callable[[Sample], Any] | None = None) -> StreamDataset:
        """The samples as an ``IterableDataset``, for a ``DataLoader`` of one's own.

        Args:
            transform: Makes of a ``Sample`` what is given; ``None`` for its tensors by name.
        """
        from blendgym.data.delivery.dataset import StreamDataset  # Likewise.

        return StreamDataset(self, transform)

    def check_open(self) -> None:
        """Looks whether the stream goes on.

        Raises:
            EnvironmentClosed: After ``close()``.
        """
        self._dispatcher.check_open()

    def attach(self, loader: Loader) -> None:
        """Lets a loader, if it is still there then, be closed with the stream."""
        self._loaders.add(loader)

    def close(self) -> None:
        """Ends all Blenders, and the workers of all loaders. May be called more than once."""
        self._finalizer()
        atexit.unregister(self._finalizer)
        for loader in list(self._loaders):
            loader.close()

    def _start(self) -> None:
        with self._starting:  # Several owners may come at once.
            if self._is_started:
                return
            self._is_started = True
            for producer in self._producers:
                producer.start()


def _end(dispatcher: Dispatcher, producers: list[Producer]) -> None:
    dispatcher.close()
    for producer in producers:
        producer.close()
