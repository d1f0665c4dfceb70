"""Self-paced learning: stays where it goes well, and widens as fast as the student lets it."""

from __future__ import annotations

import numpy as np
import pytest
from toy_students import Unchanging, teach

from blendgym.teachers.self_paced import SelfPaced


def self_paced(nominal, **arguments) -> SelfPaced:
    small_steps = {"penalty": 0.05, "largest_divergence": 0.05, "episodes_per_update": 200}
    return SelfPaced(nominal, **small_steps | arguments)


def student(*, at_low: float, at_high: float) -> Unchanging:
    """Its success probability goes linearly along the first dimension."""
    return Unchanging(lambda unit: at_low + (at_high - at_low) * unit[:, 0])


def taught(teacher: SelfPaced, pupil: Unchanging, updates: int) -> SelfPaced:
    teach(teacher, pupil, np.random.default_rng(0), rounds=updates, count=teacher.episodes_per_update)
    return teacher


def test_if_all_goes_well_an_update_goes_exactly_to_the_border_of_the_trust_region():
    teacher = self_paced(np.array([0.4, 0.2]))
    before, narrow = teacher.betas, teacher.betas.entropy()
    taught(teacher, student(at_low=1.0, at_high=1.0), 1)
    assert before.divergence(teacher.betas) == pytest.approx(0.05, rel=1e-4)
    assert teacher.betas.entropy() > narrow


def test_if_all_goes_well_it_becomes_uniform():
    teacher = taught(self_paced(np.array([0.4])), student(at_low=1.0, at_high=1.0), 40)
    assert np.concatenate(teacher.betas) == pytest.approx([1.0, 1.0], abs=0.05)


def test_it_moves_to_where_the_score_is_higher():
    teacher = taught(self_paced(np.array([0.5])), student(at_low=0.0, at_high=1.0), 30)
    assert teacher.betas.a[0] / (teacher.betas.a[0] + teacher.betas.b[0]) > 0.7


def test_the_stronger_the_penalty_the_nearer_it_gets_to_uniform():
    pupil = student(at_low=0.0, at_high=1.0)
    weak, strong = (taught(self_paced(np.array([0.5]), penalty=penalty), pupil, 30) for penalty in (0.01, 1.0))
    assert strong.betas.entropy() > weak.betas.entropy() + 0.3


def test_without_any_success_nothing_pulls_or_pushes_and_the_old_distribution_stays():
    teacher = taught(self_paced(np.array([0.5])), student(at_low=0.0, at_high=0.0), 3)
    assert (teacher.version, teacher.describe()["updates_skipped"]) == (0, 3.0)
