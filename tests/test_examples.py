"""The examples run as they stand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_first_steps_ends_with_a_picture(tmp_path):
    picture = tmp_path / "cartpole.png"
    command = [sys.executable, str(EXAMPLES / "first_steps.py"), str(picture)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "After two seconds: x = " in shown
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_compare_teachers_ends_with_figures(tmp_path):
    study = tmp_path / "study"
    command = [sys.executable, str(EXAMPLES / "compare_teachers.py"), str(study), "--steps", "8192", "--seeds", "2"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert "Seed 2: {'pole.length': " in shown
    assert "learnability: " in shown
    assert (study / "figures" / "learning_curves.png").read_bytes().startswith(b"\x89PNG")
