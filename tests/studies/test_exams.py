"""Exams: what is asked, that nothing changes unnoticed, and what is known to be feasible."""

from __future__ import annotations

import json

import msgspec
import numpy as np
import pytest
from learners import Uniform
from suite import SUITE_IDS

from blendgym.agents.students.making import make_student
from blendgym.envs.cartpole.planner import LinearQuadraticRegulator
from blendgym.errors import InvalidOption, InvalidStudy
from blendgym.parameters.episodes import plain_tasks
from blendgym.parameters.selection import select
from blendgym.studies.domains import domain_of, parameters_of, widened
from blendgym.studies.embedding import Embedding
from blendgym.studies.exams import EDGES, HARD_DEV, HARD_TEST, NOMINAL, OUT_OF_RANGE, UNIFORM, Exam, Sizes, make_exam
from blendgym.studies.feasibility import certified, planners_of

CARTPOLE, NUDGE = "BlendCartpole-v0", "contact_rooms:Nudge-v0"
RANGES = {"pole.length": (0.5, 2.0), "cart.mass": (0.5, 2.0), "action.latency": (0, 4)}
SIZES = Sizes(uniform=40, edges=24, out_of_range=20, nominal=4, hard=10, candidates=50)


@pytest.fixture
def space():
    return select(parameters_of(CARTPOLE), RANGES)


@pytest.fixture
def exam():
    hard = np.random.default_rng(0).random((30, 3))
    return make_exam(CARTPOLE, RANGES, SIZES, seed=0, hard=hard)


def values_of(exam, name):
    return exam.values_of(exam.section(name))


def bounds(space):
    return np.array([(each.low, each.high) for each in space.values()]).T


def test_an_exam_comes_back_from_its_file(exam, tmp_path):
    exam.save(tmp_path / "exam.json")
    assert Exam.load(tmp_path / "exam.json") == exam


def test_an_exam_that_was_changed_is_refused(exam, tmp_path):
    file = tmp_path / "exam.json"
    exam.save(file)
    content = json.loads(file.read_text())
    content["sections"][0]["values"][0][0] *= 1.0001
    file.write_text(json.dumps(content))
    with pytest.raises(InvalidStudy, match="changed since it was locked"):
        Exam.load(file)


def test_a_missing_or_malformed_exam_is_refused(tmp_path):
    with pytest.raises(InvalidStudy, match="cannot be read"):
        Exam.load(tmp_path / "exam.json")
    (tmp_path / "exam.json").write_text('{"env_id": 3}')
    with pytest.raises(InvalidStudy, match="is no exam"):
        Exam.load(tmp_path / "exam.json")


def test_the_same_seed_makes_the_same_exam_and_another_another(exam):
    hard = np.random.default_rng(0).random((30, 3))
    assert make_exam(CARTPOLE, RANGES, SIZES, seed=0, hard=hard) == exam
    assert make_exam(CARTPOLE, RANGES, SIZES, seed=1, hard=hard).sha256 != exam.sha256


def test_a_larger_section_changes_no_other_section(exam):
    larger = make_exam(CARTPOLE, RANGES, Sizes(uniform=41, edges=24, out_of_range=20, nominal=4), seed=0)
    assert larger.section(EDGES) == exam.section(EDGES)
    assert larger.section(OUT_OF_RANGE) == exam.section(OUT_OF_RANGE)


def test_uniform_questions_are_within_the_ranges_and_reach_everywhere(exam, space):
    places = space.to_unit(values_of(exam, UNIFORM))
    low, high = bounds(space)
    assert (values_of(exam, UNIFORM) >= low).all()
    assert (values_of(exam, UNIFORM) <= high).all()
    assert (places.min(axis=0) < 0.2).all()
    assert (places.max(axis=0) > 0.8).all()


def test_half_of_the_edges_are_corners_and_the_others_lie_on_faces(exam, space):
    low, high = bounds(space)
    at_bound = ((values_of(exam, EDGES) == low) | (values_of(exam, EDGES) == high)).sum(axis=1)
    assert (at_bound[:12] == 3).all()
    assert (at_bound[12:] >= 1).all()


def test_every_question_out_of_range_exceeds_it_by_a_quarter_at_most(exam, space):
    low, high = bounds(space)
    values = values_of(exam, OUT_OF_RANGE)
    assert ((values < low) | (values > high)).any(axis=1).all()
    # A quarter of the logarithm of a factor of 4, and of four steps; no latency is below 0.
    factor = 4.0**0.25
    assert (values >= [0.5 / factor, 0.5 / factor, 0]).all()
    assert (values <= [2.0 * factor, 2.0 * factor, 5]).all()


def test_where_the_declaration_leaves_no_room_nothing_is_out_of_range():
    ranges = {name: (parameter.low, parameter.high) for name, parameter in parameters_of(CARTPOLE).items()}
    assert make_exam(CARTPOLE, ranges, SIZES, seed=0).section(OUT_OF_RANGE) is None


def test_nominal_questions_are_exactly_nominal(exam, space):
    assert (values_of(exam, NOMINAL) == [each.nominal for each in space.values()]).all()


def test_the_halves_of_the_hard_section_share_no_question(exam):
    dev, test = ({tuple(row) for row in values_of(exam, name).tolist()} for name in (HARD_DEV, HARD_TEST))
    assert len(dev) == len(test) == 10
    assert not dev & test


def test_columns_are_known_by_name_whatever_their_order_in_the_file(exam):
    turned = msgspec.structs.replace(
        exam,
        ranges=dict(reversed(exam.ranges.items())),
        sections=[
            msgspec.structs.replace(section, values=[row[::-1] for row in section.values]) for section in exam.sections
        ],
    )
    assert (turned.unit == exam.unit).all()


def test_rows_and_places_belong_together(exam):
    for name, rows in exam.rows.items():
        assert exam.space.from_unit(exam.unit[rows]) == pytest.approx(values_of(exam, name))


@pytest.mark.parametrize("env_id", SUITE_IDS)
def test_the_domains_have_six_parameters_one_of_them_a_latency(env_id):
    space = select(parameters_of(env_id), domain_of(env_id))
    assert len(space) == 6
    assert any(name.endswith("latency") for name in space)


def test_an_environment_without_a_domain_says_what_to_do():
    with pytest.raises(InvalidOption, match="domain.py"):
        domain_of("free_tasks:EndlessCartpole")


class Dealer:
    """Deals the same places, whoever asks."""

    def __init__(self, unit):
        self.tasks = plain_tasks(unit)

    def sample(self, generator, count):
        return self.tasks


def test_an_embedding_keeps_values_and_gives_places_back_unchanged(space):
    wide = select(parameters_of(CARTPOLE), widened(RANGES, parameters_of(CARTPOLE)))
    unit = np.random.default_rng(0).random((200, 3))
    embedding = Embedding(Dealer(unit), space, wide)
    places = embedding.sample(np.random.default_rng(0), 200).unit
    assert wide.from_unit(places) == pytest.approx(space.from_unit(unit))
    columns = np.zeros((200, 5))
    episodes = episodes_at(places, columns[:, 0])
    assert embedding.returned(episodes).unit == pytest.approx(unit, abs=1e-12)


def episodes_at(unit, zeros):
    from blendgym.parameters.episodes import Episodes

    whole = zeros.astype(np.int64)
    return Episodes(unit, whole, whole, zeros, zeros, zeros.astype(bool), whole)


class Winner:
    """Wins certain questions."""

    def __init__(self, wins):
        self.wins = np.asarray(wins)

    def evaluate(self, unit, seed):
        assert len(unit) == len(self.wins)
        return episodes_at(unit, np.zeros(len(unit)))._replace(successes=self.wins)


def test_a_question_is_certified_by_whoever_wins_it_first(exam):
    count = len(exam.unit)
    first, second = np.arange(count) % 4 == 0, np.arange(count) % 2 == 0
    judged = certified(exam, [("first", Winner(first)), ("second", Winner(second))])
    winners = [winner for section in judged.sections for winner in section.winners]
    assert winners[:5] == ["first", "", "second", "", "first"]
    assert judged.sha256 != exam.sha256


def test_hard_questions_that_nobody_won_do_not_count_and_others_do(exam):
    wins = np.zeros(len(exam.unit), bool)
    wins[exam.rows[HARD_TEST].start + 2] = True
    judged = certified(exam, [("someone", Winner(wins))])
    assert judged.counted[HARD_TEST].tolist() == [exam.rows[HARD_TEST].start + 2]
    assert HARD_DEV not in judged.counted
    assert len(judged.counted[UNIFORM]) == 40


def test_the_regulator_balances_with_all_latencies_that_it_knows():
    ranges = {"action.latency": (0, 7), "observation.latency": (0, 3), "cart.mass": (0.25, 4.0)}
    space = select(parameters_of(CARTPOLE), ranges)
    unit = np.random.default_rng(0).random((20, 3))
    assert LinearQuadraticRegulator(space).evaluate(unit, seed=0).successes.all()


def test_without_its_prediction_the_regulator_would_fall_at_the_longest_latencies():
    space = select(parameters_of(CARTPOLE), {"action.latency": (0, 7), "observation.latency": (0, 3)})
    regulator = LinearQuadraticRegulator(space)
    regulator._history_length = 1
    assert not regulator.evaluate(np.ones((5, 2)), seed=0).successes.any()


def test_an_exam_of_an_environment_without_a_twin_is_made_and_certified_in_blender(tmp_path):
    exam = make_exam(NUDGE, domain_of(NUDGE), Sizes(uniform=8, edges=4, out_of_range=0, nominal=4, hard=0), seed=0)
    exam.save(tmp_path / "exam.json")
    assert planners_of(exam) == []
    student = make_student("ars", NUDGE, exam.space, 0, step_size=0.5, noise=0.3, steps_per_update=1_000)
    try:
        student.train(Uniform(2), 8_000)
        judged = certified(Exam.load(tmp_path / "exam.json"), [("searcher", student)])
        won = student.evaluate(exam.unit, exam.start_seed).successes
    finally:
        student.close()
    winners = np.concatenate([section.winners for section in judged.sections])
    assert (won == (winners == "searcher")).all()
    assert won.sum() >= 8
