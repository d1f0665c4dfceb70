"""The book of a stream: who has which place, what has been done, what is to be done again.

Pure logic: nothing here waits, renders or knows of threads.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class State(Enum):
    """Where a place of the stream is on its way."""

    DUE = "due"
    LEASED = "leased"
    READY = "ready"
    TAKEN = "taken"
    FAILED = "failed"


@dataclass
class Entry:
    """A place that was begun and is not done with.

    Args:
        slot: Which sample comes there, as counted by ``Book.slot``.
        state: Where it is on its way.
        holder: The producer or the owner that has it.
        failures: How many producers failed at it.
        was_taken: Whether any owner ever had it.
    """

    slot: int
    state: State = State.DUE
    holder: Hashable = None
    failures: int = 0
    was_taken: bool = False


class Book:
    """Keeps account of the places of a stream, from 0, each of which is confirmed once.

    A place is due, leased to a producer, ready, taken by an owner, confirmed. It is due again when its producer or its
    owner is lost. A pass gives as many samples as it should: for each of its places that is skipped it has another one
    at its end.

    Args:
        per_pass: Samples in a pass; ``None`` for a single pass without an end.
        credit: How many places may be leased or ready before another is begun.
        in_order: Whether places are given out strictly in their order; otherwise as they get ready.
        max_failures: How many producers may fail at a place; then it has failed.
        repeats: Whether each pass begins again with the first slot.
    """

    def __init__(
        self,
        per_pass: int | None,
        credit: int,
        in_order: bool = True,
        max_failures: int = 3,
        repeats: bool = False,
    ) -> None:
        self._per_pass, self._credit, self._repeats = per_pass, credit, repeats
        self._in_order, self._max_failures = in_order, max_failures
        # In the order of their places; what is before ``next`` and not here, is done.
        self._entries: dict[int, Entry] = {}
        # Those of them that are not taken, in the same order: few, however much is taken and not confirmed.
        self._open: dict[int, Entry] = {}
        self._places_of_slots: dict[int, list[int]] = {}
        self._next = self._untaken = self._start = self._slots = 0
        self._end = per_pass

    @property
    def next(self) -> int:
        """The first place that nobody has begun."""
        return self._next

    @property
    def untaken(self) -> int:
        """The place from which on nothing was ever taken."""
        return self._untaken

    @property
    def oldest(self) -> int:
        """The first place that is not done with."""
        return next(iter(self._entries), self._next)

    @property
    def end(self) -> int | None:
        """Where the present pass ends."""
        return self._end

    @property
    def slots(self) -> int:
        """How many slots were ever begun."""
        return self._slots

    def slot(self, place: int) -> int:
        """Which sample of the stream comes at a place that is begun: its number in the pass if passes are repeated."""
        return self._entries[place].slot

    def place(self, slot: int) -> int | None:
        """The first place that is begun and not done with where a slot comes, if there is one."""
        return next(iter(self._places_of_slots.get(slot, ())), None)

    def has_failed(self, place: int) -> bool:
        """Whether too many producers failed at a place that is begun."""
        return self._entries[place].state is State.FAILED

    @property
    def is_given_out(self) -> bool:
        """Whether all that is left of the present pass is taken."""
        return self._next == self.end and not self._open

    def places(self, *states: State) -> list[int]:
        """All places that are begun and in one of these states, in their order."""
        return [place for place, entry in self._entries.items() if entry.state in states]

    def begin_pass(self) -> None:
        """Begins the next pass, if the present one is given out; otherwise that one goes on."""
        if self.is_given_out and self._per_pass is not None:
            self._start, self._end = self._next, self._next + self._per_pass

    def lease(self, producer: Hashable) -> int | None:
        """Gives a producer the first place that is due; ``None`` if there is none, or no credit for it."""
        busy = 0
        for place, entry in self._open.items():
            if busy >= self._credit:
                return None
            if entry.state is State.DUE:
                entry.state, entry.holder = State.LEASED, producer
                return place
            busy += entry.state in (State.LEASED, State.READY)
        if busy >= self._credit or self._next == self.end:
            return None
        slot = self._next - self._start if self._repeats else self._next
        self._begin(self._next, Entry(slot, State.LEASED, producer))
        self._slots = max(self._slots, slot + 1)
        self._next += 1
        return self._next - 1

    def deliver(self, producer: Hashable, place: int) -> bool:
        """Takes note that a producer has made a sample; whether anybody still waits for it."""
        entry = self._leased_to(producer, place)
        if entry is None:
            return False
        entry.state, entry.holder = State.READY, None
        return True

    def fail(self, producer: Hashable, place: int) -> bool:
        """Takes note that a producer failed at a place; whether that was once too often."""
        entry = self._leased_to(producer, place)
        if entry is None:
            return False
        entry.failures += 1
        has_failed = entry.failures >= self._max_failures
        entry.state, entry.holder = (State.FAILED if has_failed else State.DUE), None
        return has_failed

    def lose(self, producer: Hashable) -> None:
        """What a producer had is due again, and nobody is to blame."""
        for entry in self._held_by(producer, State.LEASED):
            entry.state, entry.holder = State.DUE, None

    def take(self, owner: Hashable) -> int | None:
        """Gives an owner the place whose turn it is, if it is ready."""
        place = self.turn()
        if place is None or self._entries[place].state is not State.READY:
            return None
        entry = self._open.pop(place)
        entry.state, entry.holder, entry.was_taken = State.TAKEN, owner, True
        self._untaken = max(self._untaken, place + 1)
        return place

    def turn(self) -> int | None:
        """The place that can be taken, or has failed; ``None`` if that has to be waited for."""
        for place, entry in self._open.items():
            if entry.state in (State.READY, State.FAILED):
                return place
            if self._in_order:
                return None
        return None

    def put_back(self, owner: Hashable) -> None:
        """All that an owner took and that is not confirmed is due again."""
        for entry in self._held_by(owner, State.TAKEN):
            entry.state, entry.holder = State.DUE, None
        self._sort()

    def confirm(self, place: int) -> bool:
        """Is done with a place, whoever has it now; once more does no harm. Whether anybody ever took it."""
        entry = self._entries.get(place)
        if not 0 <= place < self._next or (entry and not entry.was_taken):
            return False
        if entry:
            self._end_place(place)
        return True

    def skip(self, place: int) -> None:
        """Is done with a place without a sample; if it is of the present pass, that has a further place."""
        self._end_place(place)
        if self._end is not None and place >= self._start:
            self._end += 1

    def renew(self, first: int) -> list[int]:
        """All places from one on that are begun are due again, as if nothing had been done.

        Args:
            first: The first of them, not before ``untaken``.
        """
        renewed = [place for place in self._entries if place >= first]
        self._entries.update({place: Entry(self.slot(place)) for place in renewed})
        self._sort()
        return renewed

    def state(self) -> dict[str, Any]:
        """What is done, as plain data."""
        return {
            "next": self._next,
            "start": self._start,
            "end": self._end,
            "slots": self._slots,
            "due": [[place, entry.slot] for place, entry in self._entries.items()],
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Takes a state back: what was begun and not confirmed is due."""
        self._next, self._start, self._end, self._slots = (state[name] for name in ("next", "start", "end", "slots"))
        self._entries.clear()
        self._places_of_slots.clear()
        for place, slot in state["due"]:
            self._begin(place, Entry(slot))
        self._sort()
        self._untaken = self.oldest

    def _begin(self, place: int, entry: Entry) -> None:
        """Begins a place, behind all others."""
        self._entries[place] = self._open[place] = entry
        self._places_of_slots.setdefault(entry.slot, []).append(place)

    def _end_place(self, place: int) -> None:
        """Is done with a place."""
        entry = self._entries.pop(place)
        self._open.pop(place, None)
        places = self._places_of_slots[entry.slot]
        places.remove(place)
        if not places:
            del self._places_of_slots[entry.slot]

    def _sort(self) -> None:
        """Finds what is not taken, after something was put back."""
        self._open = {place: entry for place, entry in self._entries.items() if entry.state is not State.TAKEN}

    def _leased_to(self, producer: Hashable, place: int) -> Entry | None:
        entry = self._entries.get(place)
        return entry if entry and entry.state is State.LEASED and entry.holder == producer else None

    def _held_by(self, holder: Hashable, state: State) -> Iterator[Entry]:
        return (each for each in self._entries.values() if each.state is state and each.holder == holder)
