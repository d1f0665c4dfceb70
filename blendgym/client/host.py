"""Keeps some slots served, whatever happens to servers."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any, NamedTuple

from numpy.typing import NDArray

from blendgym.client.connection.session import Session
from blendgym.client.link import Link
from blendgym.client.restarts import RestartLimit
from blendgym.client.settings import Settings
from blendgym.errors import BlendgymError, ConnectionPoisoned, EnvironmentClosed, NodesBusy, ResetNeeded, ServerError
from blendgym.images.captures import Capture, ObjectEntry
from blendgym.images.views import View
from blendgym.wire import messages

_HOSTS: weakref.WeakSet[Host] = weakref.WeakSet()


def close_all() -> int:
    """Closes the servers of all environments of this process; says how many environments had some."""
    hosts = [host for host in _HOSTS if host.pid is not None]
    for host in hosts:
        host.close()
    return len(hosts)


class StepReply(NamedTuple):
    """What a step led to in some slots.

    Args:
        slots: Which.
        stepped: Rows in that order.
    """

    slots: Sequence[int]
    stepped: messages.Stepped


class _Resetting(NamedTuple):
    """A reset that was asked for.

    Args:
        request: What was asked.
        link: Where.
        known: Links that were there before; if one of these fails, it is replaced without a word.
    """

    request: messages.Reset
    link: Link
    known: list[Link]


class Host:
    """Some slots on a server, which is replaced when it fails, and when it is worn out.

    A worn-out server keeps the episodes that are under way; new ones begin on its successor. Since an episode depends
    on its seed, parameters and actions alone, nobody can tell.

    Args:
        settings: What is served.
        slots: How many.
        limit: Counts servers that failed.
        place: Number of the server, from 0, and how many there are.
        awake: Whether there is a processor to spare for waiting.
    """

    def __init__(
        self, settings: Settings, slots: int, limit: RestartLimit, place: tuple[int, int] = (0, 1), awake: bool = True
    ) -> None:
        self._settings, self._limit, self._session = settings, limit, Session()
        self._slots, self._place, self._awake = slots, place, awake
        self._links: list[Link] = []  # New episodes begin in the last.
        self._lost: dict[int, BlendgymError] = {}
        self._objects: dict[int, tuple[ObjectEntry, ...]] = {}  # By slot, where layouts change them.
        self._resetting: _Resetting | None = None
        self._stepping: list[tuple[Link, Sequence[int]]] = []
        self._is_closed = False
        _HOSTS.add(self)

    def launch(self) -> None:
        """Sees to it that there is a server, or one that is starting, for new episodes.

        Raises:
            RestartLimitReached: If too many have failed.
            BlenderNotFound: If there is no Blender.
            EnvironmentClosed: After ``close()``.
        """
        self._check_open()
        for link in list(self._links):
            self._bury(link)
        if not self._links or self._links[-1].is_worn_out:
            self._links.append(Link(self._settings, self._slots, self._place, self._session, self._awake))

    def connect(self) -> Link:
        """The link where new episodes begin; waits until its server is ready.

        One that fails before it is ready is replaced only if the settings say so, until one works or the limit is
        reached.

        Raises:
            RestartLimitReached: If too many have failed.
            BlendgymError: If Blender does not start.
        """
        while True:
            self.launch()
            newest = self._links[-1]
            try:
                newest.connect()
            except BlendgymError as error:
                newest.failure = error
                # Who has waited for a processor in vain would do so again, for as long.
                may_pass = isinstance(error, ServerError) and not isinstance(error, NodesBusy)
                if not (may_pass and self._settings.truncates_on_error):
                    raise
            else:
                return newest

    @property
    def is_closed(self) -> bool:
        """Whether ``close()`` was called."""
        return self._is_closed

    @property
    def pid(self) -> int | None:
        """Process id of the server where new episodes begin, if there is one."""
        return self._links[-1].server.pid if self._links else None

    @property
    def log(self) -> str:
        """What that server has written so far."""
        return self._links[-1].server.log() if self._links else ""

    def link_of(self, slot: int) -> Link | None:
        """Where the episode of a slot is, if it has one.

        Raises:
            EnvironmentClosed: After ``close()``.
        """
        self._check_open()
        for link in self._links:
            if slot in link.slots:
                return link
        return None

    def playing_link(self, slot: int, call: str) -> Link:
        """Where the episode of a slot is.

        Args:
            slot: Which.
            call: Who asks, for errors.

        Raises:
            ResetNeeded: If it has none.
            EnvironmentClosed: After ``close()``.
        """
        link = self.link_of(slot)
        if link is None:
            raise ResetNeeded(f"{call} was called before the first reset(); call reset() first.")
        return link

    def objects_of(self, slot: int) -> tuple[ObjectEntry, ...]:
        """Everything that can be seen in the episode of a slot, by id. Launches Blender if need be."""
        return self._objects.get(slot) or self.connect().connection.welcome.objects

    def reset(self, *episodes: messages.Episode, forgiving: bool = True) -> messages.Began:
        """Begins episodes; see ``send_reset`` and ``receive_reset``."""
        self.send_reset(episodes, forgiving)
        return self.receive_reset()

    def send_reset(self, episodes: Sequence[messages.Episode], forgiving: bool = True) -> None:
        """Asks for episodes to begin.

        A server that died since the last request, however recently, is replaced without a word. One that fails in
        the middle of this is replaced only if the settings say so, until it works or the limit is reached.

        Args:
            episodes: At most one for each slot.
            forgiving: Whether a server that served before may fail at this without a word, too: perhaps it was dead
                already, and nobody knew.

        Raises:
            RestartLimitReached: If too many have failed.
            BlendgymError: If Blender does not start.
        """
        known = list(self._links) if forgiving else []
        self._resetting = self._ask_for_reset(messages.Reset(episodes=tuple(episodes)), known)

    def receive_reset(self) -> messages.Began:
        """The first observations; rows are in the order of the episodes.

        Raises:
            RestartLimitReached: If too many have failed.
            ServerError: If Blender dies or does not answer in time.
            BlendgymError: Whatever the server answers.
        """
        resetting, self._resetting = self._resetting, None
        if resetting is None:
            raise ServerError("A reset is waited for, but none was asked for.")
        while True:
            request, link, known = resetting
            try:
                began = link.connection.receive(messages.Began)
            except ServerError as error:
                self._fail(link, known, error)
                resetting = self._ask_for_reset(request, known)
                continue
            self._limit.note_beginning()
            self._objects.update(zip((episode.slot for episode in request.episodes), began.objects, strict=False))
            self._move(link, [episode.slot for episode in request.episodes if episode.slot not in began.faults])
            return began

    def capture(self, slot: int, views: tuple[View, ...], call: str = "capture()") -> tuple[Capture, ...]:
        """Pictures of the present state of a slot, in one request.

        Args:
            slot: Which.
            views: What they show.
            call: Who asks, for errors.

        Raises:
            ResetNeeded: If it has no episode.
            RenderError: If a view cannot be rendered as asked.
            ServerError: If Blender dies or does not answer in time.
        """
        link = self.playing_link(slot, call)
        try:
            return link.connection.request(messages.Render(slot=slot, views=views), messages.Rendered).captures
        except ConnectionPoisoned:  # The step that is under way still gets its reply.
            raise
        except BlendgymError as error:
            link.note(error)
            raise

    def send_step(self, actions: NDArray[Any], slots: Sequence[int]) -> None:
        """Asks for a step of some slots.

        Args:
            actions: One row for each.
            slots: Which.
        """
        self._stepping = []
        if len(self._links) == 1 and self._links[0].slots.issuperset(slots):
            self._ask_for_step(self._links[0], actions, slots)
            return
        for link in self._links:
            rows = [row for row, slot in enumerate(slots) if slot in link.slots]
            if not rows:
                continue
            self._ask_for_step(link, actions[rows], [slots[row] for row in rows])

    def receive_step(self, slots: Sequence[int]) -> tuple[list[StepReply], dict[int, BlendgymError]]:
        """What the step led to: replies, and errors by slot.

        Args:
            slots: Those of ``send_step``.
        """
        replies, errors = [], {slot: self._lost[slot] for slot in slots if slot in self._lost}
        for link, mine in self._stepping:
            try:
                if link.failure:  # Nothing was sent; what may come answers an earlier request.
                    raise link.failure
                stepped = link.connection.receive(messages.Stepped)
            except BlendgymError as error:
                link.note(error)
                errors.update(dict.fromkeys(mine, error))
                continue
            replies.append(StepReply(mine, stepped))
            for slot, fault in stepped.faults.items():
                errors[slot] = fault.error()
        return replies, errors

    def settle(self) -> None:
        """Waits for the replies that were asked for and not taken, because of an error elsewhere."""
        for link in self._links:
            link.settle()

    def kill(self) -> None:
        """Ends all servers that were launched here, at once and from any thread: whoever waits for one learns of it.

        Those at an address go on, but nobody here waits for them any more.
        """
        for link in list(self._links):
            link.give_up()

    def open(self) -> None:
        """Lets servers be launched again after ``close()``."""
        self._is_closed = False

    def close(self) -> None:
        """Ends all servers."""
        self._is_closed = True
        while self._links:
            self._links.pop().close()

    def _check_open(self) -> None:
        if self._is_closed:
            raise EnvironmentClosed("The environment is closed; call reset() first, or make a new one.")

    def _ask_for_step(self, link: Link, actions: NDArray[Any], slots: Sequence[int]) -> None:
        self._stepping.append((link, slots))
        link.steps += len(slots)
        everyone = len(slots) == link.connection.welcome.slots
        try:
            link.connection.send(messages.Step(actions=actions, slots=None if everyone else tuple(slots)))
        except ServerError as error:
            link.note(error)

    def _ask_for_reset(self, request: messages.Reset, known: list[Link]) -> _Resetting:
        while True:
            link = self.connect()
            try:
                link.connection.send(request)
            except ServerError as error:
                self._fail(link, known, error)
                continue
            return _Resetting(request, link, known)

    def _fail(self, link: Link, known: list[Link], error: ServerError) -> None:
        """Takes note that a link failed in a reset; raises the error if that is the end of it."""
        link.failure = error
        if link not in known and not self._settings.truncates_on_error:
            raise error

    def _bury(self, link: Link) -> None:
        failure = link.find_failure()
        if failure is None:
            return
        failure.with_traceback(None)  # Its frames would keep the link, with all its buffers.
        self._links.remove(link)
        self._lost.update(dict.fromkeys(link.slots, failure))
        link.close()
        if not isinstance(failure, ConnectionPoisoned):  # Ctrl-C is not the server's failure.
            self._limit.count(failure)

    def _move(self, link: Link, slots: Sequence[int]) -> None:
        """Takes note that the episodes of some slots are there now."""
        for slot in slots:
            self._lost.pop(slot, None)
        link.slots.update(slots)
        for other in [each for each in self._links if each is not link]:
            other.slots.difference_update(slots)
            if not other.slots:
                self._links.remove(other)
                other.close()
