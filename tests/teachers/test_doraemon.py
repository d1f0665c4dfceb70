"""DORAEMON: widest within a trust region, as long as the student succeeds; in numbers that are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import approx_fprime
from scipy.special import betainc, polygamma
from scipy.stats import beta
from toy_students import Unchanging, episodes_of, succeeds_within, teach

from blendgym.parameters.episodes import UNIFORM, plain_tasks
from blendgym.teachers import Mix
from blendgym.teachers.distributions.betas import Betas
from blendgym.teachers.distributions.constrained import Constraint, optimized
from blendgym.teachers.distributions.importance import Evidence
from blendgym.teachers.doraemon import Doraemon

NARROW = Betas(np.array([3.0, 20.0]), np.array([2.0, 40.0]))
OTHER = Betas(np.array([2.0, 15.0]), np.array([4.0, 20.0]))
UNIT_DENSITY = Betas(np.ones(1), np.ones(1))
TENT = Betas(np.array([2.0]), np.array([2.0]))


def doraemon(nominal, **arguments) -> Doraemon:
    small_steps = {"largest_divergence": 0.05, "episodes_per_update": 200, "smallest_effective_share": 0.2}
    return Doraemon(nominal, **small_steps | arguments)


def always(success: bool) -> Unchanging:
    return Unchanging(lambda unit: np.full(len(unit), float(success)))


def betas_of(flat: np.ndarray) -> Betas:
    return Betas(*np.split(flat, 2))


def observe_and_update(teacher: Doraemon, student: Unchanging, generator: np.random.Generator) -> None:
    teach(teacher, student, generator, rounds=1, count=teacher.episodes_per_update)


def test_the_divergence_of_betas_is_the_integral_that_defines_it():
    expected = 0.0
    for a, b, c, d in zip(*NARROW, *OTHER, strict=True):
        p, q = beta(a, b), beta(c, d)
        expected += quad(lambda x, p=p, q=q: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), 0.0, 1.0)[0]
    assert NARROW.divergence(OTHER) == pytest.approx(expected, rel=1e-7)


def test_in_float64_the_divergence_of_narrow_betas_that_hardly_differ_is_not_lost():
    step = 0.006
    moved = NARROW.divergence(NARROW), Betas(np.full(1, 100.0), np.full(1, 100.0))
    information = 2 * polygamma(1, 100.0) - 4 * polygamma(1, 200.0)
    found = moved[1].divergence(Betas(np.full(1, 100.0 - step), np.full(1, 100.0 - step)))
    assert moved[0] == 0.0
    assert found == pytest.approx(information * step**2 / 2, rel=1e-3)
    assert 8e-10 < found < 1e-9


def test_the_entropy_of_betas_is_minus_their_divergence_to_the_uniform_distribution():
    uniform = Betas(np.ones(2), np.ones(2))
    assert NARROW.entropy() == pytest.approx(-NARROW.divergence(uniform))
    assert uniform.entropy() == 0.0


@pytest.mark.parametrize("betas", [NARROW, OTHER, Betas(np.full(2, 100.0), np.full(2, 100.0))])
def test_all_gradients_agree_with_finite_differences(betas):
    generator = np.random.default_rng(0)
    evidence = Evidence(betas, betas.sample(generator, 300), generator.random(300))
    flat = np.concatenate(betas) * 1.02
    here = betas_of(flat)
    pairs = [
        (lambda x: betas_of(x).entropy(), here.entropy_gradient()),
        (lambda x: betas.divergence(betas_of(x)), betas.divergence_gradient(here)),
        (lambda x: evidence.expectation(betas_of(x)), evidence.expectation_gradient(here)),
        (lambda x: evidence.normalized_expectation(betas_of(x)), evidence.normalized_expectation_gradient(here)),
    ]
    for function, gradient in pairs:
        assert gradient == pytest.approx(approx_fprime(flat, function, 1e-5), rel=1e-3, abs=1e-6)


def test_importance_sampling_finds_expectations_of_a_distribution_that_was_not_sampled():
    unit = (np.arange(20_000)[:, None] + 0.5) / 20_000
    evidence = Evidence(UNIT_DENSITY, unit, unit[:, 0] ** 2)
    assert evidence.expectation(UNIT_DENSITY) == pytest.approx(1 / 3, rel=1e-6)
    assert evidence.expectation(TENT) == pytest.approx(0.3, rel=1e-6)
    assert evidence.normalized_expectation(TENT) == pytest.approx(0.3, rel=1e-6)


def test_the_effective_sample_size_is_what_the_second_moment_of_the_weights_says():
    unit = (np.arange(20_000)[:, None] + 0.5) / 20_000
    evidence = Evidence(UNIT_DENSITY, unit, np.ones(20_000))
    assert evidence.effective_share(UNIT_DENSITY) == pytest.approx(1.0)
    assert evidence.effective_share(TENT) == pytest.approx(1 / 1.2, rel=1e-6)  # ∫ (6 x (1 - x))² dx = 1.2


@pytest.mark.parametrize("nominal", [[0.5], [0.4, 0.1], [0.02, 0.5, 0.98, 0.3]])
@pytest.mark.parametrize("largest_divergence", [1e-3, 0.05, 0.2])
def test_if_all_succeeds_an_update_goes_exactly_to_the_border_of_the_trust_region(nominal, largest_divergence):
    teacher = doraemon(np.array(nominal), largest_divergence=largest_divergence)
    before = teacher.betas
    observe_and_update(teacher, always(True), np.random.default_rng(0))
    assert before.divergence(teacher.betas) == pytest.approx(largest_divergence, rel=1e-4)
    assert teacher.version == 1


def test_nothing_in_the_trust_region_is_wider_than_where_an_update_goes():
    generator = np.random.default_rng(0)
    teacher = doraemon(np.array([0.4]))
    before = teacher.betas
    observe_and_update(teacher, always(True), generator)
    others = [Betas(*pair) for pair in before.a[0] * np.exp(generator.uniform(-1.0, 0.5, size=(20_000, 2, 1)))]
    allowed = [betas for betas in others if before.divergence(betas) <= teacher.largest_divergence]
    assert len(allowed) > 50
    assert max(betas.entropy() for betas in allowed) <= teacher.betas.entropy()


def test_after_enough_updates_the_distribution_is_uniform():
    teacher = doraemon(np.array([0.3, 0.6]), largest_divergence=0.2)
    generator = np.random.default_rng(0)
    for _ in range(40):
        observe_and_update(teacher, always(True), generator)
    assert np.concatenate(teacher.betas) == pytest.approx(np.ones(4), abs=0.02)


def test_the_bound_on_success_binds_where_the_region_of_success_ends():
    teacher = doraemon(np.array([0.3]), success_rate=0.8, episodes_per_update=400)
    generator = np.random.default_rng(0)
    entropies, rates = [], []
    for _ in range(60):
        observe_and_update(teacher, succeeds_within(np.zeros(1), np.full(1, 0.6)), generator)
        rates.append(betainc(teacher.betas.a[0], teacher.betas.b[0], 0.6))
        entropies.append(teacher.betas.entropy())
    assert np.mean(rates[-20:]) == pytest.approx(0.8, abs=0.03)
    widest = max(  # of all that succeed often enough, on a grid
        Betas(np.full(1, a), np.full(1, b)).entropy()
        for a in np.geomspace(1.0, 10.0, 60)
        for b in np.geomspace(1.0, 10.0, 60)
        if betainc(a, b, 0.6) >= 0.8
    )
    assert np.mean(entropies[-20:]) == pytest.approx(widest, abs=0.03)


def test_where_success_is_too_rare_the_most_successful_neighbour_comes_first():
    teacher = doraemon(np.array([0.5]), success_rate=0.5)
    generator = np.random.default_rng(0)
    observe_and_update(teacher, always(True), generator)
    before = teacher.betas
    observe_and_update(teacher, succeeds_within(np.zeros(1), np.full(1, 0.46)), generator)
    rate_before, rate_after = (betainc(betas.a[0], betas.b[0], 0.46) for betas in (before, teacher.betas))
    assert rate_before < 0.25
    assert rate_after > rate_before + 0.03
    assert before.divergence(teacher.betas) <= teacher.largest_divergence + 1e-6


def test_if_nothing_is_feasible_the_old_distribution_stays():
    teacher, generator = doraemon(np.array([0.5, 0.5])), np.random.default_rng(0)
    observe_and_update(teacher, always(True), generator)
    before = teacher.betas
    observe_and_update(teacher, always(False), generator)
    assert teacher.betas is before
    assert teacher.version == 1
    assert teacher.describe()["updates_skipped"] == 1.0


def test_what_the_solver_finds_is_not_taken_if_it_violates_a_constraint():
    impossible = Constraint(lambda betas: -1.0, lambda betas: np.zeros(4))
    found = optimized(lambda betas: -betas.entropy(), lambda betas: -betas.entropy_gradient(), [impossible], NARROW)
    assert found is NARROW


def test_an_error_in_an_update_is_not_swallowed(monkeypatch):
    teacher = doraemon(np.array([0.5]))
    monkeypatch.setattr(Betas, "entropy_gradient", lambda betas: np.zeros(3))
    with pytest.raises(ValueError, match="broadcast"):
        observe_and_update(teacher, always(True), np.random.default_rng(0))


def test_an_update_whose_weights_rest_on_few_episodes_is_skipped():
    teacher = doraemon(np.array([0.5, 0.5]), largest_divergence=1.0)
    observe_and_update(teacher, always(True), np.random.default_rng(0))
    assert (teacher.version, teacher.describe()["updates_skipped"]) == (0, 1.0)


def test_adaptation_begins_once_the_bound_has_been_reached_and_says_so_if_it_never_is():
    teacher, generator = doraemon(np.array([0.5])), np.random.default_rng(0)
    rarely = succeeds_within(np.zeros(1), np.full(1, 0.48))
    for _ in range(9):
        observe_and_update(teacher, rarely, generator)
    assert teacher.describe()["gate_reached"] == 0.0
    with pytest.warns(UserWarning, match=r"success rate of 0\.5.*this is fixed randomization"):
        observe_and_update(teacher, rarely, generator)
    assert teacher.version == 0
    observe_and_update(teacher, always(True), generator)
    assert (teacher.version, teacher.describe()["gate_reached"]) == (1, 1.0)


def test_episodes_of_an_older_distribution_or_of_the_uniform_floor_do_not_count():
    teacher, generator = doraemon(np.array([0.5]), episodes_per_update=50), np.random.default_rng(0)
    late = teacher.sample(generator, 50)
    observe_and_update(teacher, always(True), generator)
    floor = plain_tasks(generator.random((50, 1)), teacher.version, UNIFORM)
    for tasks in (late, floor):
        teacher.observe(episodes_of(tasks, np.ones(50, np.bool_)))
    teacher.update()
    assert teacher.version == 1


def test_entropy_and_success_are_told_apart_under_a_uniform_floor():
    generator = np.random.default_rng(0)
    mix = Mix(doraemon(np.array([0.3]), episodes_per_update=100), share=0.2)
    teach(mix, always(True), generator, rounds=8)
    figures = mix.describe()
    assert figures["updates_applied"] == 2.0  # of 400 episodes, a fifth is not the teacher's
    assert -2.0 < figures["entropy"] < -1.0
    assert figures["low/0"] < 0.3 < figures["high/0"]
