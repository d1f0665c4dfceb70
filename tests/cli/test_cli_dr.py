"""``blendgym dr``, as a person types it."""

from __future__ import annotations

import re
import shutil

import pytest
from command_line import blendgym

from blendgym.errors import InvalidStudy
from blendgym.studies.examination import examine_policy
from blendgym.studies.exams import Sizes, make_exam

SMALL = """{
  "env_id": "BlendPendulum-v0", "ranges": {"gravity": [5, 15], "action.latency": [0, 2]}, "student": "field",
  "arms": ["uniform", "oracle50", "adr"], "seeds": [0, 1], "steps": 25600, "checkpoints": 3, "portion": 6400,
  "references": 3, "rules": {"resamples": 50},
  "exam": {"uniform": 24, "edges": 8, "out_of_range": 8, "nominal": 4, "hard": 8, "candidates": 200}
}"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The folder of a study, and what the command showed."""
    folder = tmp_path_factory.mktemp("dr")
    (folder / "small.json").write_text(SMALL)
    done = blendgym("dr", "compare", "--declaration", folder / "small.json", "-o", folder / "study")
    return folder / "study", done.stdout


def test_compare_shows_a_table_and_draws_figures(study):
    folder, shown = study
    assert "oracle50" in shown
    assert "questions are certified" in shown
    for figure in ("learning_curves", "final_scores", "improvement", "profiles", "curricula", "regret", "heat_map_adr"):
        assert (folder / "figures" / f"{figure}.png").stat().st_size > 5000


def test_compare_says_when_each_arm_has_come_to_where_uniform_ends(study):
    _, shown = study
    sentences = " ".join(shown.split())
    for arm in ("oracle50", "adr"):
        assert re.search(rf"{arm} has uniform's final 0\.\d+ of hard, test (after|never within) [\d,]+", sentences)


def test_across_says_in_how_many_studies_an_arm_wins(study):
    folder, _ = study
    other = shutil.copytree(folder, folder.parent / "other", dirs_exist_ok=True)
    declared = (other / "study.json").read_text()
    (other / "study.json").write_text(declared.replace('"headroom": 0.1', '"headroom": 0.2'))
    shown = blendgym("dr", "across", folder, other, "--arm", "oracle50", "--metric", "uniform",
                     "--output", folder.parent / "across.png").stdout  # fmt: skip
    assert len(re.findall("BlendPendulum-v0, field", shown)) == 2
    assert re.search(r"win: \d, tie: \d, lose: \d", shown)
    assert (folder.parent / "across.png").stat().st_size > 5000


def test_across_counts_no_study_twice(study, tmp_path):
    folder, _ = study
    copied = shutil.copytree(folder, tmp_path / "copied")
    for same in (folder, copied):
        done = blendgym("dr", "across", folder, same, "-o", tmp_path / "across.png", check=False)
        assert (done.returncode, [*tmp_path.iterdir()]) == (1, [copied])
        assert "are of one and the same study" in " ".join(done.stderr.split())


def test_evaluate_of_a_study_whose_first_run_is_not_over_says_so_and_writes_nothing(study, tmp_path):
    for name in ("study.json", "exam.json"):
        shutil.copy(study[0] / name, tmp_path)
    done = blendgym("dr", "evaluate", tmp_path, check=False)
    assert (done.returncode, done.stderr.split(":")[0]) == (1, "InvalidStudy")
    assert "is over; `blendgym dr compare` with its arguments goes on with it" in done.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["exam.json", "study.json"]


def test_ranges_of_the_studies_and_others_are_not_asked_for_at_once(tmp_path):
    options = ("--study-ranges", "--randomize", "dynamics", "-o", tmp_path / "teacher")
    done = blendgym("dr", "train-teacher", *options, check=False)
    assert "--randomize has no effect with --study-ranges" in done.stderr
    assert not (tmp_path / "teacher").exists()


def test_evaluate_judges_a_study_again_without_any_run(study):
    folder, _ = study
    before = (folder / "summary.csv").read_bytes()
    (folder / "summary.csv").unlink()
    shutil.rmtree(folder / "figures")
    blendgym("dr", "evaluate", folder)
    assert (folder / "summary.csv").read_bytes() == before
    assert (folder / "figures" / "final_scores.png").exists()


def test_evaluate_has_the_student_of_a_run_sit_the_exam_again(study):
    folder, _ = study
    shown = blendgym("dr", "evaluate", folder / "runs" / "adr-seed0").stdout
    assert "out of range" in shown
    assert (folder / "runs" / "adr-seed0" / "heat_map.png").exists()


def test_evaluate_of_something_else_says_what_it_expected(tmp_path):
    done = blendgym("dr", "evaluate", tmp_path, check=False)
    assert done.returncode == 1
    assert "neither the folder of a study nor that of a run" in done.stderr
    assert "no study.json, no run.json, no model.zip in it" in done.stderr


def test_an_unknown_teacher_is_named_before_anything_is_trained(tmp_path):
    done = blendgym("dr", "compare", "--teachers", "adrr", "--references", 0, "-o", tmp_path, check=False)
    assert done.returncode == 1
    assert "Did you mean 'adr'?" in done.stderr


def test_what_runs_took_more_than_was_declared_is_said_and_how_another_study_differs(tmp_path):
    small = ("--student", "field", "--teachers", "adr", "--seeds", 1, "--references", 2, "--questions", 8)
    shown = blendgym("dr", "compare", *small, "--steps", 400, "--checkpoints", 4, "-o", tmp_path).stdout
    assert "Runs took 6,400 steps, and not 400" in " ".join(shown.split())
    done = blendgym("dr", "compare", *small, "--steps", 800, "--checkpoints", 3, "-o", tmp_path, check=False)
    assert "declares another study: steps, checkpoints differ" in " ".join(done.stderr.split())
    done = blendgym("dr", "compare", *small, "--checkpoints", 2, "-o", tmp_path / "few", check=False)
    assert "has 2 checkpoints; expected at least 3" in " ".join(done.stderr.split())


@pytest.mark.long
def test_evaluate_has_a_policy_of_train_sit_an_exam_in_blender(tmp_path):
    blendgym("train", "BlendCartpole-v0", "--steps", 64, "--output", tmp_path)
    (run,) = tmp_path.iterdir()
    shown = blendgym("dr", "evaluate", run, "--questions", 8).stdout
    assert "uniform │ 8 │" in " ".join(shown.split())
    assert (run / "heat_map.png").exists()
    other = make_exam("BlendCartpoleSwingup-v1", {"gravity": (6.0, 13.0)}, Sizes.in_proportion(8), seed=0)
    other.save(tmp_path / "other.json")
    with pytest.raises(InvalidStudy, match=r"is an exam of BlendCartpoleSwingup-v1, and .* was trained on"):
        examine_policy(run, tmp_path / "other.json", 8)


@pytest.mark.long
def test_headroom_compares_an_oracle_with_uniform_randomization_and_says_what_is_enough(tmp_path):
    small = ("--student", "field", "--seeds", 2, "--steps", 25_600, "--references", 3)
    shown = blendgym("dr", "headroom", "BlendCartpoleSwingup-v1", *small, "-o", tmp_path).stdout
    assert "there is no headroom, which is at least +0.10" in " ".join(shown.split())
    assert {run.name for run in (tmp_path / "runs").iterdir()} == {
        f"{arm}-seed{seed}" for arm in ("uniform", "oracle50") for seed in range(2)
    }


@pytest.mark.long
@pytest.mark.parametrize(("learner", "action"), [("ppo", "acquisition"), ("ppo", "bounds"), ("evolution", "bounds")])
def test_a_teacher_that_was_trained_can_be_compared_with_others_by_their_exam(study, learner, action, tmp_path):
    meta = ("--steps-per-action", 3_200, "--actions-per-episode", 4, "--meta-episodes", 4, "--judged", 2)
    toy = ("--student", "field", "--randomize", "gravity", "action.latency", "--processes", 1)
    folder = tmp_path / "teacher"
    options = ("--learner", learner, "--action", action, *toy, *meta, "-o", folder)
    shown = " ".join(blendgym("dr", "train-teacher", *options).stdout.split())
    for name in ("learned", "random", "constant", "uniform"):
        assert f"│ {name} │" in shown
    assert "On 2 students nothing can be told of the learned teacher; judge at least 5." in shown
    assert (folder / "learning_curve.png").stat().st_size > 5000
    assert len((folder / "returns.csv").read_text().splitlines()) >= 1 + 4
    (tmp_path / "small.json").write_text(SMALL.replace('"adr"', f'"{folder / "teacher.npz"}"'))
    exam = study[0] / "exam.json"
    arguments = ("--declaration", tmp_path / "small.json", "--exam", exam, "-o", tmp_path / "study")
    assert "teacher.npz" in "".join(blendgym("dr", "compare", *arguments).stdout.split())
    assert (tmp_path / "study" / "exam.json").read_bytes() == exam.read_bytes()
