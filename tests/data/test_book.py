"""The book of a stream loses nothing, gives nothing twice and keeps the order, whoever is lost at whatever moment."""

from __future__ import annotations

import gc
import sys

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from blendgym.data.streams.book import Book, State

PRODUCERS = st.sampled_from(["a", "b", "c"])
OWNERS = st.sampled_from(["one", "two"])


class Books(RuleBasedStateMachine):
    """Producers and owners that come, work, fail and go as they like."""

    @initialize(
        per_pass=st.none() | st.integers(1, 12), credit=st.integers(1, 5), in_order=st.booleans(),
        max_failures=st.integers(1, 3), repeats=st.booleans(),
    )  # fmt: skip
    def open(self, per_pass, credit, in_order, max_failures, repeats):
        self.per_pass, self.credit, self.in_order = per_pass, credit, in_order
        self.make = lambda: Book(per_pass, credit, in_order, max_failures, repeats)
        self.book = self.make()
        self.at_work, self.taken = {}, {}  # Places by producer, owners by place.
        self.done, self.seen, self.skipped = set(), set(), set()

    @rule(producer=PRODUCERS)
    def lease(self, producer):
        if producer in self.at_work:
            return
        place = self.book.lease(producer)
        if place is None:
            return
        assert place not in self.done | self.skipped | set(self.taken) | set(self.at_work.values())
        self.at_work[producer] = place

    @rule(producer=PRODUCERS)
    def deliver(self, producer):
        if producer in self.at_work:
            place = self.at_work.pop(producer)
            assert self.book.deliver(producer, place) == (place not in self.done)

    @rule(producer=PRODUCERS)
    def fail(self, producer):
        if producer in self.at_work:
            place = self.at_work.pop(producer)
            if self.book.fail(producer, place):
                self.skipped.add(place)
                self.book.skip(place)

    @rule(producer=PRODUCERS)
    def lose_a_producer(self, producer):
        self.at_work.pop(producer, None)
        self.book.lose(producer)

    @rule(owner=OWNERS)
    def take(self, owner):
        place = self.book.take(owner)
        if place is None:
            return
        assert place not in self.done | self.skipped | set(self.taken)
        if self.in_order:
            before = set(range(place)) - self.done - self.skipped - set(self.taken)
            assert not before, "a place is given before others whose turn it is"
        self.taken[place] = owner
        self.seen.add(place)

    @rule(owner=OWNERS)
    def put_back(self, owner):
        self.book.put_back(owner)
        self.taken = {place: each for place, each in self.taken.items() if each != owner}

    @rule(data=st.data())
    def confirm(self, data):
        if self.seen:
            place = data.draw(st.sampled_from(sorted(self.seen)))
            assert self.book.confirm(place)
            self.done.add(place)
            self.taken.pop(place, None)

    @rule(place=st.integers(-1, 12))
    def refuse_what_was_never_taken(self, place):
        if place not in self.seen | self.skipped:
            assert not self.book.confirm(place)

    @rule()
    def begin_pass(self):
        self.book.begin_pass()

    @rule()
    def stop_and_resume(self):
        state = self.book.state()
        self.book = self.make()
        self.book.load(state)
        self.at_work, self.taken = {}, {}
        self.seen = set(self.done)

    @rule(ahead=st.integers(0, 3))
    def renew(self, ahead):
        first = self.book.untaken + ahead
        renewed = self.book.renew(first)
        assert not set(renewed) & set(self.taken)
        assert all(place >= first for place in renewed)
        self.at_work = {producer: place for producer, place in self.at_work.items() if place < first}

    @invariant()
    def every_place_is_somewhere(self):
        if hasattr(self, "book"):
            begun = set(range(self.book.next))
            assert begun == self.done | self.skipped | set(self.book.places(*State))

    @invariant()
    def little_is_under_way(self):
        if hasattr(self, "book") and self.book.untaken + len(self.seen) == 0:
            assert len(self.book.places(State.LEASED, State.READY)) <= self.credit

    def teardown(self):
        """Whatever was, the rest of the pass comes, each place once."""
        if not hasattr(self, "book"):
            return
        self.book.put_back("one")
        self.book.put_back("two")
        for producer in "abc":
            self.book.lose(producer)
        end = self.book.next + 5 if self.per_pass is None else self.book.end
        for _ in range(1000):
            if self.book.end is None and self.book.oldest >= end:
                break
            if (place := self.book.lease("last")) is not None:
                self.book.deliver("last", place)
            if (place := self.book.take("last")) is not None:
                assert place not in self.done
                self.book.confirm(place)
                self.done.add(place)
            if self.book.is_given_out:
                break
        assert set(range(end)) <= self.done | self.skipped


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)


def filled(book, *places):
    for _ in places:
        leased = book.lease("producer")
        assert book.deliver("producer", leased)
    return book


def test_a_place_that_fails_is_made_again_until_it_has_failed_too_often():
    book = Book(None, credit=4, max_failures=2)
    assert book.lease("a") == 0
    assert not book.fail("a", 0)
    assert book.lease("b") == 0
    assert book.fail("b", 0)
    assert book.places(State.FAILED) == [0]
    assert book.take("owner") is None
    assert book.turn() == 0


def test_what_fails_does_not_hold_up_what_is_before_it():
    book = filled(Book(None, credit=4, max_failures=1), 0)
    assert book.lease("a") == 1
    assert book.fail("a", 1)
    assert book.turn() == 0
    assert book.take("owner") == 0
    assert book.turn() == 1


def test_a_slow_owner_stalls_producers():
    book = filled(Book(None, credit=2), 0, 1)
    assert book.lease("producer") is None
    book.take("owner")
    assert book.lease("producer") == 2


def test_what_was_put_back_comes_before_all_else_even_when_everything_is_full():
    book = filled(Book(None, credit=2), 0, 1)
    book.take("lost"), book.take("lost")
    filled(book, 2, 3)
    book.put_back("lost")
    assert book.lease("producer") == 0
    assert book.take("owner") is None
    book.deliver("producer", 0)
    assert book.take("owner") == 0


def test_much_that_is_put_back_is_no_more_under_way_than_anything_else():
    book = Book(None, credit=2)
    for _ in range(4):
        filled(book, 0)
        book.take("lost")
    book.put_back("lost")
    assert [book.lease(producer) for producer in "abc"] == [0, 1, None]
    book.deliver("a", 0)
    assert book.lease("c") is None
    book.take("owner")
    assert book.lease("c") == 2


def test_nothing_is_confirmed_that_nobody_took():
    book = filled(Book(None, credit=2), 0)
    assert not book.confirm(0)
    assert not book.confirm(1)
    assert not book.confirm(-1)
    assert book.take("owner") == 0
    assert book.confirm(0)
    assert book.confirm(0)


def test_what_is_not_confirmed_is_due_where_a_book_goes_on():
    book = filled(Book(None, credit=4), 0, 1, 2)
    for _ in range(2):
        book.take("owner")
    book.confirm(0)
    resumed = Book(None, credit=4)
    resumed.load(book.state())
    assert [resumed.lease(producer) for producer in "abc"] == [1, 2, 3]


def test_without_an_order_whatever_is_ready_comes():
    book = Book(None, credit=4, in_order=False)
    assert [book.lease("slow"), book.lease("fast")] == [0, 1]
    book.deliver("fast", 1)
    assert book.take("owner") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_pass_ends_and_the_next_goes_on_behind_it(count):
    book = filled(Book(count, credit=8), *range(count))
    assert book.lease("producer") is None
    book.begin_pass()  # Nothing is taken yet, so the first goes on.
    assert [book.take("owner") for _ in range(count)] == list(range(count))
    assert book.is_given_out
    book.begin_pass()
    assert not book.is_given_out
    assert book.lease("producer") == count


@pytest.mark.parametrize("repeats", [False, True])
def test_every_pass_has_its_length_whatever_is_skipped(repeats):
    book = Book(3, credit=8, max_failures=1, repeats=repeats)
    passes = []
    for _ in range(3):
        slots = []
        book.begin_pass()
        while (place := book.lease("producer")) is not None:
            slot = book.slot(place)
            if slot in (1, 3):
                assert book.fail("producer", place)
                book.skip(place)
                continue
            book.deliver("producer", place)
            slots.append(slot)
            assert book.take("owner") == place
            assert book.confirm(place)
        passes.append(slots)
    assert passes == ([[0, 2, 4]] * 3 if repeats else [[0, 2, 4], [5, 6, 7], [8, 9, 10]])


def test_what_is_made_again_of_an_earlier_pass_and_skipped_lengthens_no_other():
    book = filled(Book(2, credit=8, max_failures=1), 0, 1)
    assert [book.take("lost"), book.take("owner")] == [0, 1]
    book.begin_pass()
    assert book.end == 4
    book.put_back("lost")
    assert book.lease("producer") == 0
    assert book.fail("producer", 0)
    book.skip(0)
    assert book.end == 4


def test_what_was_made_too_late_is_not_waited_for():
    book = Book(None, credit=4)
    assert book.lease("slow") == 0
    assert book.renew(0) == [0]
    assert not book.deliver("slow", 0)
    assert book.lease("fast") == 0
    assert book.deliver("fast", 0)


def test_however_much_is_taken_and_not_confirmed_the_next_place_is_found_in_as_many_lines_of_code():
    few, many = (taken(Book(None, credit=4), count) for count in (1, 1000))
    assert lines_of(lambda: few.lease("producer")) == lines_of(lambda: many.lease("producer"))
    assert lines_of(lambda: few.take("owner")) == lines_of(lambda: many.take("owner"))
    assert lines_of(lambda: few.confirm(0)) == lines_of(lambda: many.confirm(0))


def taken(book, count):
    for _ in range(count):
        filled(book, book.next)
        book.take("owner")
    return filled(book, book.next)


def lines_of(do):
    count = 0

    def trace(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return trace

    gc.disable()  # What it ends may run code of its own.
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        do()
    finally:
        sys.settrace(before)
        gc.enable()
    return count
