"""The examples run as they stand."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*command, folder):
    return subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, check=True, cwd=folder
    ).stdout


def test_first_steps_ends_with_a_picture(tmp_path):
    picture = tmp_path / "cartpole.png"
    shown = run(EXAMPLES / "first_steps.py", picture, folder=tmp_path)
    assert "After two seconds: x = " in shown
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_compare_teachers_ends_with_figures(tmp_path):
    study = tmp_path / "study"
    shown = run(EXAMPLES / "compare_teachers.py", study, "--steps", 8192, "--seeds", 2, folder=tmp_path)
    assert "Seed 2: {'pole.length': " in shown
    assert "learnability: " in shown
    assert (study / "figures" / "learning_curves.png").read_bytes().startswith(b"\x89PNG")


def test_the_door_is_a_scene_and_a_task_that_conform(tmp_path):
    home = shutil.copytree(EXAMPLES / "door", tmp_path / "door")
    run("make_door.py", folder=home)
    assert "After five seconds: 90 degrees" in run("open_door.py", folder=home)
    assert (home / "door.png").read_bytes().startswith(b"\x89PNG")
    assert "All 26 checks passed." in run("-m", "blendgym", "check", "door:Door", folder=home)
    run("-m", "blendgym", "render", "open_door:Door-v0", "--width", 64, "--height", 48, folder=home)
    assert (home / "runs" / "render" / "overview.png").read_bytes().startswith(b"\x89PNG")


def test_annotated_pictures_come_in_batches(tmp_path):
    batches = run(EXAMPLES / "annotated_pictures.py", folder=tmp_path).splitlines()
    assert len(batches) == 4
    assert batches[0].startswith("(4, 3, 240, 320) torch.uint8, ['Cart', 'Ground', 'Pole', 'Rail'], [[")


def test_ppo_in_plain_pytorch_learns(tmp_path):
    shown = run(EXAMPLES / "ppo_pytorch.py", "--steps", 12_288, folder=tmp_path)
    assert float(shown.split()[-3]) > 40  # of a random policy it is 20
