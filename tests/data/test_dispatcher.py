"""Between producers and owners: versions from the right place on, counted; failures told; nobody waits forever."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from blendgym.data.streams.book import Book
from blendgym.data.streams.dispatcher import MOST_SKIPPED, Dispatcher, Made
from blendgym.data.streams.indices import Indices, checked_indices, sample_seed
from blendgym.data.streams.updates import read_distribution, read_update
from blendgym.data.streams.versions import Schedule
from blendgym.errors import EnvironmentClosed, InvalidOption, SampleFailed, SampleTimeout, ServerDied
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute

SPACE = ParameterSpace(
    Parameter(name="mass", unit="kg", nominal=1.0, low=0.5, high=2.0, binding=TaskAttribute("mass")),
    Parameter(name="drag", unit="1", nominal=0.0, low=0.0, high=1.0, binding=TaskAttribute("drag")),
)


def dispatcher_of(indices=Indices(), credit=4, in_order=True, max_failures=2, skips=False, producers=2):  # noqa: B008
    book = Book(indices.per_pass, credit, in_order, max_failures, indices.repeat)
    return Dispatcher(book, indices, Schedule(read_distribution(SPACE, None)), 7, skips, producers)


def made(order):
    return Made(SimpleNamespace(index=order.index, version=order.version.number), None)


def work(dispatcher, count=1, producer="a"):
    for _ in range(count):
        order = dispatcher.order(producer)
        dispatcher.deliver(producer, order, made(order))


def take(dispatcher):
    sample = dispatcher.take("owner", 0.0).sample
    return sample.index, sample.version


def soon(book, _):
    return book.next


def lockstep(book, _):
    return book.untaken


def update(dispatcher, first, distribution="mass"):
    return dispatcher.update(read_update(SPACE, distribution), first).number


def test_an_update_that_holds_soon_is_late_by_what_is_under_way_and_no_more():
    dispatcher = dispatcher_of(credit=4)
    work(dispatcher, 3)
    late = dispatcher.order("b")  # Four are under way: credit for no more.
    assert update(dispatcher, soon) == 1
    dispatcher.deliver("b", late, made(late))
    versions = []
    for _ in range(6):
        versions.append(take(dispatcher))
        work(dispatcher)
    assert versions == [(0, 0), (1, 0), (2, 0), (3, 0), (4, 1), (5, 1)]


def test_an_update_in_lockstep_holds_for_the_next_sample_that_is_taken_whatever_was_made_ahead():
    dispatcher = dispatcher_of(credit=4)
    work(dispatcher, 3)
    late = dispatcher.order("b")
    assert take(dispatcher) == (0, 0)
    update(dispatcher, lockstep)
    dispatcher.deliver("b", late, made(late))  # Nobody waits for it any more.
    with pytest.raises(SampleTimeout):
        take(dispatcher)
    work(dispatcher, 4)
    assert [take(dispatcher) for _ in range(4)] == [(1, 1), (2, 1), (3, 1), (4, 1)]


def test_a_later_update_replaces_what_an_earlier_one_has_planned():
    dispatcher = dispatcher_of()
    update(dispatcher, lambda *_: 2)
    update(dispatcher, lambda *_: 4)
    update(dispatcher, lambda *_: 3)
    work(dispatcher, 4)
    taken = [take(dispatcher) for _ in range(4)]
    work(dispatcher, 2)
    assert [*taken, take(dispatcher), take(dispatcher)] == [(0, 0), (1, 0), (2, 1), (3, 3), (4, 3), (5, 3)]


def test_a_dict_changes_what_it_names_and_the_rest_stays_as_it_is_at_that_place():
    dispatcher = dispatcher_of()
    update(dispatcher, lambda *_: 0, "all")
    update(dispatcher, lambda *_: 2, {"mass": [0.5, 0.75]})
    update(dispatcher, lambda *_: 4, {"drag": 0.5})
    update(dispatcher, lambda *_: 6, {"drag": None})
    versions = [dispatcher._schedule.at(place) for place in (0, 2, 4, 6)]
    assert [list(version.source.space) for version in versions] == [["mass", "drag"]] * 2 + [["mass"], ["mass", "drag"]]
    assert [version.source.space["mass"].high for version in versions] == [2.0, 0.75, 0.75, 0.75]
    assert [dict(version.fixed) for version in versions] == [{}, {}, {"drag": 0.5}, {}]
    again = [read_distribution(SPACE, version.told["randomize"]).source.space for version in versions]
    assert [repr(dict(space)) for space in again] == [repr(dict(version.source.space)) for version in versions]


def test_what_an_owner_put_back_keeps_its_version():
    dispatcher = dispatcher_of()
    work(dispatcher, 2)
    assert take(dispatcher) == (0, 0)
    dispatcher.put_back("owner")
    update(dispatcher, lockstep)
    work(dispatcher, 2)
    assert [take(dispatcher), take(dispatcher)] == [(0, 0), (1, 1)]


def test_versions_that_hold_for_nothing_any_more_are_forgotten():
    dispatcher = dispatcher_of()
    for number in range(1, 50):
        update(dispatcher, soon)
        work(dispatcher)
        assert take(dispatcher)[1] == number
        dispatcher.confirm([number - 1])
    assert [each["number"] for each in dispatcher.state()["versions"]] == [49]


def test_a_sample_that_fails_too_often_is_an_error_in_its_turn_and_stays_one():
    dispatcher = dispatcher_of(max_failures=2)
    work(dispatcher)
    for reason in ("ServerDied: first.", "ServerDied: second."):
        dispatcher.fail("a", dispatcher.order("a"), reason)
    assert take(dispatcher) == (0, 0)
    for _ in range(2):
        with pytest.raises(SampleFailed, match="Sample 1 .* The last failure was ServerDied: second.") as caught:
            take(dispatcher)
        assert caught.value.details == {"index": 1, "seed": sample_seed(7, 1), "version": 0}


def test_a_sample_that_fails_is_skipped_and_told_if_that_is_asked_for(caplog):
    dispatcher = dispatcher_of(max_failures=1, skips=True)
    dispatcher.fail("a", dispatcher.order("a"), "TaskError: odd.")
    work(dispatcher)
    assert take(dispatcher) == (1, 0)
    (skipped,) = dispatcher.skipped
    assert (skipped.index, skipped.seed, skipped.reason) == (0, sample_seed(7, 0), "TaskError: odd.")
    assert "Index 0 of a stream is skipped" in caplog.text


def whole_pass(dispatcher, troubled):
    """The indices of a pass in which some cannot be made."""
    given = []
    dispatcher.begin_pass()
    while not dispatcher._book.is_given_out:
        order = dispatcher.order("a")
        if order.index in troubled:
            dispatcher.fail("a", order, "TaskError: odd.")
            continue
        dispatcher.deliver("a", order, made(order))
        given.append(take(dispatcher)[0])
        dispatcher.confirm(given[-1:])
    assert dispatcher.take("owner", 0.0) is None
    return given


@pytest.mark.parametrize("repeat", [False, True])
def test_every_rank_is_given_as_many_samples_whatever_is_skipped(repeat):
    passes = {}
    for rank in range(2):
        dispatcher = dispatcher_of(checked_indices(6, repeat, rank, 2), max_failures=1, skips=True)
        passes[rank] = [whole_pass(dispatcher, {1, 2, 5}) for _ in range(2)]
        assert [each.index for each in dispatcher.skipped] == ([2] if rank == 0 else [1, 5])
    later = ([0, 4, 6], [3, 7, 9]) if repeat else ([8, 10, 12], [11, 13, 15])
    assert passes == {0: [[0, 4, 6], later[0]], 1: [[3, 7, 9], later[1]]}


def test_a_sample_that_has_failed_is_confirmed_to_go_on_with_another_in_its_place():
    dispatcher = dispatcher_of(checked_indices(2, False, 0, 1), max_failures=1)
    dispatcher.fail("a", dispatcher.order("a"), "TaskError: odd.")
    work(dispatcher)
    with pytest.raises(SampleFailed, match=r"confirm\(\[error.details\['index'\]\]\)") as caught:
        take(dispatcher)
    dispatcher.confirm([caught.value.details["index"]])
    work(dispatcher)
    assert [take(dispatcher), take(dispatcher)] == [(1, 0), (2, 0)]
    assert [each.index for each in dispatcher.skipped] == [0]
    assert dispatcher.take("owner", 0.0) is None


def test_a_scenario_of_which_nothing_can_be_made_is_an_error_in_the_end():
    dispatcher = dispatcher_of(checked_indices(2, False, 0, 1), max_failures=1, skips=True)
    for _ in range(MOST_SKIPPED + 1):
        dispatcher.fail("a", dispatcher.order("a"), "TaskError: odd.")
    with pytest.raises(SampleFailed, match=f"Sample {MOST_SKIPPED} "):
        take(dispatcher)


def test_a_failure_at_what_is_not_waited_for_any_more_counts_for_nothing():
    dispatcher = dispatcher_of(max_failures=1)
    stale = dispatcher.order("a")
    update(dispatcher, lockstep)
    dispatcher.fail("a", stale, "TaskError: that was another sample.")
    work(dispatcher)
    assert take(dispatcher) == (0, 1)


def test_the_loss_of_all_producers_is_an_error_and_of_some_is_not():
    dispatcher = dispatcher_of(producers=2)
    dispatcher.order("a")
    dispatcher.lose("a", ServerDied("One is gone."))
    work(dispatcher, producer="b")
    assert take(dispatcher) == (0, 0)
    dispatcher.lose("b", ServerDied("The other is gone.", returncode=3))
    with pytest.raises(ServerDied, match="The other is gone") as caught:
        take(dispatcher)
    assert caught.value.details == {"returncode": 3}


def test_whoever_waits_is_woken_by_what_it_waits_for():
    dispatcher = dispatcher_of(credit=1)
    work(dispatcher)
    orders = []
    producer = threading.Thread(target=lambda: orders.append(dispatcher.order("a")))
    producer.start()
    assert take(dispatcher) == (0, 0)
    producer.join(10)
    assert [order.index for order in orders] == [1]
    taken = []
    owner = threading.Thread(target=lambda: taken.append(dispatcher.take("owner", None)))
    owner.start()
    dispatcher.deliver("a", orders[0], made(orders[0]))
    owner.join(10)
    assert [each.sample.index for each in taken] == [1]


def test_closing_wakes_everybody():
    dispatcher = dispatcher_of(credit=1)
    work(dispatcher)
    orders = []
    producer = threading.Thread(target=lambda: orders.append(dispatcher.order("a")))
    producer.start()
    dispatcher.close()
    producer.join(10)
    assert orders == [None]
    with pytest.raises(EnvironmentClosed, match="The stream is closed"):
        dispatcher.take("owner", None)


@pytest.mark.parametrize("world_size", [1, 2, 3])
def test_slots_and_indices_belong_together(world_size):
    given = []
    for rank in range(world_size):
        indices = checked_indices(6, False, rank, world_size)
        given += [indices.index(slot) for slot in range(2 * indices.per_pass)]
        for index in range(12):
            assert indices.slot(index) == len([each for each in range(index) if each % world_size == rank])
    assert sorted(given) == list(range(12))


def test_confirming_something_else_is_refused():
    dispatcher = dispatcher_of(checked_indices(4, True, 0, 2))
    work(dispatcher)
    assert take(dispatcher) == (0, 0)
    for index in (1, 2, 4, -2):
        with pytest.raises(InvalidOption, match=f"Sample {index} was never taken here"):
            dispatcher.confirm([index])
    dispatcher.confirm([0])


def test_the_same_index_of_a_later_pass_can_be_confirmed_too():
    dispatcher = dispatcher_of(checked_indices(1, True, 0, 1))
    for _ in range(3):
        work(dispatcher)
        assert take(dispatcher) == (0, 0)
        dispatcher.confirm([0])
        dispatcher.begin_pass()
    assert dispatcher.state()["due"] == []
