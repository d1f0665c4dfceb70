"""``blendgym dr``, as a person types it."""

from __future__ import annotations

import shutil

import pytest
from test_cli import blendgym

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
    assert "no model.zip in it" in done.stderr


def test_an_unknown_teacher_is_named_before_anything_is_trained(tmp_path):
    done = blendgym("dr", "compare", "--teachers", "adrr", "--references", 0, "-o", tmp_path, check=False)
    assert done.returncode == 1
    assert "Did you mean 'adr'?" in done.stderr
