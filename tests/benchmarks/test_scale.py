"""The model of many servers agrees with what can be said on paper, and its command ends with figures."""

from __future__ import annotations

import csv
import itertools
import math

import pytest
from command_line import blendgym
from drawn import coloured_share
from hypothesis import given
from hypothesis import strategies as st

from blendgym.benchmarks.scale.cases import carry_on, cases, ranked
from blendgym.benchmarks.scale.costs import Site, StreamCosts, VectorCosts
from blendgym.benchmarks.scale.events import Events, Processors
from blendgym.benchmarks.scale.measure import Turn, fit, measure_place
from blendgym.benchmarks.scale.streams import bound_stream, simulate_stream
from blendgym.benchmarks.scale.vectors import bound_vectors, simulate_vectors

COSTS = VectorCosts(step=2e-5, message=3e-5, environment=4e-6, request=5e-5, slot=6e-5, size=100, byte=1e-9)
STREAM = StreamCosts(making=0.05, sample=0.002, size=60_000)
SITE = Site(bandwidth=1e8)

seconds = st.floats(1e-6, 1e-3)
vectors = st.builds(
    VectorCosts, seconds, seconds, seconds, seconds, seconds, st.integers(1, 10_000), st.just(1e-9), st.just(0.0)
)
streams = st.builds(StreamCosts, st.floats(1e-3, 0.1), seconds, st.floats(0, 1e-5), seconds, st.integers(1, 100_000))
sites = st.builds(Site, st.sampled_from([1.0, 1.4, 2.0, math.inf]), st.floats(1e6, 1e9))


@pytest.mark.parametrize("processors", [1, 2, math.inf])
def test_with_one_server_a_step_takes_the_sum_of_its_costs(processors):
    slots = 8
    whole = (
        COSTS.step + COSTS.message + COSTS.request
        + slots * (COSTS.slot + COSTS.environment + COSTS.size * (COSTS.byte + 1 / SITE.bandwidth))
    )  # fmt: skip
    reached = simulate_vectors(COSTS, 1, slots, SITE._replace(processors=processors))
    assert reached.rate == pytest.approx(slots / whole)


def test_with_many_servers_the_trainer_is_all_there_is():
    each = COSTS.message / 16 + COSTS.environment + COSTS.size * COSTS.byte
    reached = simulate_vectors(COSTS, 2000, 16, Site())
    assert reached.rate == pytest.approx(1 / each, rel=0.01)
    assert (reached.busiest, reached.trainer > 0.99) == ("trainer", True)


def test_on_one_processor_all_work_adds_up():
    work = COSTS.step + 4 * (COSTS.message + COSTS.request) + 32 * (COSTS.slot + COSTS.environment + 100 * COSTS.byte)
    assert simulate_vectors(COSTS, 4, 8, Site(processors=1)).rate == pytest.approx(32 / work)


def test_large_observations_fill_the_network():
    reached = simulate_vectors(COSTS._replace(size=10**6, byte=0.0), 50, 4, SITE)
    assert reached.rate == pytest.approx(100, rel=0.01)
    assert reached.busiest == "network"


@given(vectors, st.integers(1, 20), st.integers(1, 8), sites)
def test_steps_exceed_no_bound_and_nobody_is_more_than_busy(costs, servers, slots, site):
    reached = simulate_vectors(costs, servers, slots, site)
    assert reached.rate <= bound_vectors(costs, servers, slots, site) * (1 + 1e-9)
    assert max(reached.trainer, reached.link, reached.servers) <= 1 + 1e-9


@given(streams, st.integers(1, 20), sites)
def test_samples_exceed_no_bound_and_nobody_is_more_than_busy(costs, producers, site):
    reached = simulate_stream(costs, producers, site, samples=400)
    # What was under way at the beginning of a measured span may be counted at its end: some samples of 200.
    most = 1 + 5 * producers / 200
    assert reached.rate <= bound_stream(costs, producers, site) * most
    assert max(reached.trainer, reached.link) <= most


@given(vectors, st.integers(1, 20), st.integers(1, 8))
def test_more_servers_of_their_own_never_make_fewer_steps(costs, servers, slots):
    fewer, more = (simulate_vectors(costs, count, slots, SITE).rate for count in (servers, servers + 1))
    assert more >= fewer * (1 - 1e-9)


def test_servers_that_vary_are_slower_the_more_there_are():
    varied = COSTS._replace(spread=0.5, message=0.0, step=0.0, environment=0.0, byte=0.0)
    shares = [simulate_vectors(varied, count, 8, Site(), steps=20).servers for count in (1, 10, 1000)]
    assert shares[0] == pytest.approx(1)
    assert all(fewer > more for fewer, more in itertools.pairwise(shares))


def test_one_producer_makes_a_sample_while_the_last_one_is_trained_on():
    costs, link = STREAM._replace(update=0.001), STREAM.size / SITE.bandwidth
    reached = simulate_stream(costs, 1, SITE)
    assert reached.rate == pytest.approx(1 / (costs.making + link + costs.sample), rel=0.01)


def test_a_dispatcher_saturates_and_its_book_makes_it_slower_with_every_producer():
    assert simulate_stream(STREAM, 300, Site()).rate == pytest.approx(1 / STREAM.sample, rel=0.01)
    booked = STREAM._replace(place=1e-5)
    rates = [simulate_stream(booked, count, Site()).rate for count in (300, 3000)]
    assert rates == pytest.approx([1 / (0.002 + 300e-5), 1 / (0.002 + 3000e-5)], rel=0.02)


def test_credit_keeps_producers_waiting_for_a_slow_trainer():
    reached = simulate_stream(STREAM._replace(update=0.1), 10, Site())
    assert reached.rate == pytest.approx(10, rel=0.02)
    assert reached.servers == pytest.approx(0.05, rel=0.1)


def test_ranks_do_as_much_each_as_one_alone():
    alone = simulate_vectors(COSTS, 10, 16, SITE)
    assert ranked(lambda count: simulate_vectors(COSTS, count, 16, SITE))(1000).rate == pytest.approx(100 * alone.rate)


def test_processors_are_shared_alike_and_a_job_that_comes_later_slows_the_others():
    events = Events()
    processors, done = Processors(events, 1), {}
    processors.work(2.0, lambda: done.update(first=events.now))
    events.at(1.0, lambda: processors.work(0.5, lambda: done.update(second=events.now)))
    events.run()
    assert done == pytest.approx({"second": 2.0, "first": 2.5})


def test_costs_are_found_again_in_steps_that_they_explain():
    turns = {}
    for servers, slots in itertools.product((1, 2), (2, 8)):
        own = COSTS.step + servers * COSTS.message + servers * slots * COSTS.environment
        turns[servers, slots] = Turn(own + COSTS.answer(slots), COSTS.answer(slots))
    assert fit(turns, 100)[:5] == pytest.approx(COSTS[:5])


def test_a_book_takes_longer_with_every_place():
    assert measure_place() > 1e-8


def test_every_case_is_carried_on_to_every_number():
    rows = carry_on(cases(COSTS, COSTS, STREAM, 1e9), (10, 1000))
    assert {row.servers for row in rows} == {10, 1000}
    assert all(row.reached.rate > 0 for row in rows)


@pytest.mark.long
def test_the_command_ends_with_its_tables_a_csv_and_a_figure(tmp_path):
    shown = blendgym(
        "bench", "scale", "--servers", 1, "--steps", 8, "--samples", 3, "--output", tmp_path
    ).stdout  # fmt: skip
    assert all(title in shown for title in ("Costs", "How right the model is", "Many servers"))
    with (tmp_path / "scale.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["servers"] for row in rows} == {"10", "100", "1000", "10000", "100000"}
    assert all(float(row["rate [1/s]"]) > 0 for row in rows)
    assert coloured_share(tmp_path / "scale.png") > 0.0003
