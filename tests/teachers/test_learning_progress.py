"""ALP-GMM: goes where the score changes, and away from where it does not."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from namespaces import IN_A_NAMESPACE, namespaces_are_missing
from scipy.stats import truncnorm
from toy_students import episodes_of

from blendgym.parameters.episodes import Episodes, plain_tasks
from blendgym.teachers import learning_progress
from blendgym.teachers.distributions.mixtures import NormalMixture
from blendgym.teachers.learning_progress import AbsoluteLearningProgress, mixture_of_progress, progress_of


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def scored(unit: np.ndarray, scores: np.ndarray) -> Episodes:
    return episodes_of(plain_tasks(unit), np.asarray(scores) > 0.5)._replace(scores=np.asarray(scores, np.float64))


SPEED = {0.3: 8e-3, 0.8: 4e-2}


class OneThingAfterTheOther:
    """Good at low places and bad at high ones, for ever. Practice helps around 0.3, and when that is mastered, 0.8."""

    def __init__(self) -> None:
        self.skills = {0.3: 0.0, 0.8: 0.0}

    def study(self, teacher: AbsoluteLearningProgress, generator: np.random.Generator, episodes: int) -> None:
        for _ in range(episodes // 50):
            unit = teacher.sample(generator, 50).unit
            scores = 0.4 * (1.0 - unit[:, 0])
            learning = 0.3 if self.skills[0.3] < 1.0 else 0.8
            for middle, skill in self.skills.items():
                affected = np.exp(-0.5 * ((unit[:, 0] - middle) / 0.05) ** 2)
                practice = SPEED[middle] * np.cumsum(affected) * (middle == learning)
                scores += 0.6 * affected * np.minimum(skill + practice, 1.0)
                self.skills[middle] = min(skill + practice[-1], 1.0)
            teacher.observe(scored(unit, np.minimum(scores, 1.0)))
            teacher.update()


def share_around(teacher: AbsoluteLearningProgress, middle: float) -> float:
    """The probability of a task within 0.15 of a place."""
    places = (np.arange(2000) + 0.5) / 2000
    return float(np.sum(teacher.density(places[:, None])[np.abs(places - middle) < 0.15]) / 2000)


def test_progress_is_the_difference_to_the_nearest_earlier_place():
    earlier_unit, earlier_scores = np.array([[0.0], [1.0]]), np.array([0.2, 0.9])
    episodes = scored(np.array([[0.1], [0.9], [0.15]]), np.array([0.5, 0.6, 0.1]))
    assert progress_of(episodes, earlier_unit, earlier_scores) == pytest.approx([0.3, 0.3, 0.4])


def test_the_very_first_episode_has_made_no_progress():
    episodes = scored(np.array([[0.1], [0.9]]), np.array([0.5, 0.6]))
    assert progress_of(episodes, np.empty((0, 1)), np.empty(0)) == pytest.approx([0.0, 0.1])


def test_it_is_uniform_until_there_are_enough_episodes():
    teacher, student, generator = AbsoluteLearningProgress(np.array([0.5])), OneThingAfterTheOther(), rng()
    student.study(teacher, generator, 200)
    assert (teacher.version, share_around(teacher, 0.3)) == (0, pytest.approx(0.3))
    student.study(teacher, generator, 50)
    assert teacher.version == 1


def test_it_finds_the_place_where_progress_is_and_leaves_what_is_mastered_or_impossible():
    teacher = AbsoluteLearningProgress(np.array([0.5]), fit_rate=100)
    student, generator = OneThingAfterTheOther(), rng()
    student.study(teacher, generator, 300)
    assert share_around(teacher, 0.3) > 0.6
    assert share_around(teacher, 0.8) < 0.2
    student.study(teacher, generator, 700)
    assert share_around(teacher, 0.3) < 0.4
    assert share_around(teacher, 0.8) > 0.5


def test_a_fifth_of_its_tasks_is_uniform_wherever_progress_is():
    teacher = AbsoluteLearningProgress(np.array([0.5]), fit_rate=100)
    OneThingAfterTheOther().study(teacher, rng(), 300)
    density = teacher.density(np.linspace(0.0, 1.0, 101)[:, None])
    assert density.min() == pytest.approx(0.2, abs=0.1)
    assert density.min() >= 0.2


def test_without_any_progress_it_is_uniform():
    teacher, generator = AbsoluteLearningProgress(np.array([0.5, 0.5])), np.random.default_rng(0)
    teacher.observe(scored(generator.random((250, 2)), np.ones(250)))
    teacher.update()
    assert teacher.density(generator.random((5, 2))).tolist() == [1.0] * 5


def test_components_weigh_as_much_as_their_mean_progress(monkeypatch):
    monkeypatch.setattr(learning_progress, "_COMPONENTS", [2])
    generator = np.random.default_rng(0)
    unit = np.concatenate([generator.normal(0.2, 0.02, (200, 1)), generator.normal(0.8, 0.02, (50, 1))])
    progress = np.repeat([0.1, 0.3], [200, 50])
    mixture = mixture_of_progress(unit, progress, seed=0)
    order = np.argsort(mixture.means[:, 0])
    assert mixture.weights[order] == pytest.approx([0.25, 0.75], abs=1e-3)
    assert mixture.means[order, 0] == pytest.approx([0.2, 0.8], abs=0.01)


def test_a_component_at_a_face_is_cut_off_instead_of_piling_up_there():
    mixture = NormalMixture(np.ones(1), np.array([[0.05]]), np.array([[[0.04]]]))
    expected = truncnorm(-0.25, 4.75, 0.05, 0.2)
    places = np.linspace(0.0, 1.0, 11)
    assert mixture.density(places[:, None]) == pytest.approx(expected.pdf(places))
    unit = mixture.sample(np.random.default_rng(0), 20_000)[:, 0]
    assert np.mean(unit) == pytest.approx(expected.mean(), abs=0.005)
    assert not np.any((unit == 0.0) | (unit == 1.0))


def test_numpys_global_generator_is_left_alone():
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    teacher = AbsoluteLearningProgress(np.full(4, 0.5), fit_rate=100)
    generator = np.random.default_rng(0)
    teacher.observe(scored(generator.random((100, 4)), generator.random(100)))
    teacher.update()
    teacher.density(generator.random((3, 4)))
    teacher.sample(generator, 10)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


MIXTURE = """
import warnings, numpy as np
warnings.simplefilter("error")
from blendgym.teachers.learning_progress import mixture_of_progress
places = np.random.default_rng(0).random((60, 2))
print(mixture_of_progress(places, places[:, 0], seed=0) is not None)
"""


@pytest.mark.skipif(bool(namespaces_are_missing()), reason="NOT TESTED: this machine lets nobody hide its /sys")
def test_it_warns_of_nothing_where_the_cores_of_the_machine_are_hidden():
    hidden = 'mount -t tmpfs none /sys && exec "$0" "$@"'
    done = subprocess.run([*IN_A_NAMESPACE, hidden, sys.executable, "-c", MIXTURE], capture_output=True, text=True)
    assert done.stdout == "True\n", done.stderr
