"""The examples run as they stand."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from drawn import coloured_share
from PIL import Image

EXAMPLES = Path(__file__).parents[2] / "examples"

SMALL = """
import sys
sys.path.insert(0, sys.argv[1])
import {0}
{0}.main("picture.png", 2, width=160, height=120)
"""

AS_NOTEBOOKS_DO = """
import ast
names = {{}}
for cell in {0!r}:
    *statements, last = ast.parse(cell).body
    exec(compile(ast.Module(statements, []), "cell", "exec"), names)
    shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    print("a picture" if hasattr(shown, "_repr_png_") and shown._repr_png_() else shown)
"""


def run(*command, folder):
    return subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, check=True, cwd=folder
    ).stdout


def test_first_steps_ends_with_a_picture(tmp_path):
    picture = tmp_path / "cartpole.png"
    shown = run(EXAMPLES / "first_steps.py", picture, folder=tmp_path)
    assert "After two seconds: x = " in shown
    assert coloured_share(picture) > 0.0003


def test_every_cell_of_the_notebook_runs_and_its_pictures_show_themselves(tmp_path):
    notebook = json.loads((EXAMPLES / "first_steps.ipynb").read_text())
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    (tmp_path / "cells.py").write_text(AS_NOTEBOOKS_DO.format(cells))
    overview, played, last, ended = run("cells.py", folder=tmp_path).splitlines()
    assert overview == last == "a picture"
    assert re.fullmatch(r"\(\d+, (True|False)\)", played)
    assert ended == "1"
    assert not any(cell.get("outputs") for cell in notebook["cells"])


@pytest.mark.long
def test_compare_teachers_ends_with_figures(tmp_path):
    study = tmp_path / "study"
    shown = run(EXAMPLES / "compare_teachers.py", study, "--steps", 8192, "--seeds", 2, folder=tmp_path)
    assert "Seed 2: {'pole.length': " in shown
    assert "learnability: " in shown
    assert coloured_share(study / "figures" / "learning_curves.png") > 0.0007, "the legend alone has 0.0005"


def test_the_door_is_a_scene_and_a_task_that_conform(tmp_path):
    home = shutil.copytree(EXAMPLES / "door", tmp_path / "door")
    run("make_door.py", folder=home)
    assert "After five seconds: 90 degrees" in run("open_door.py", folder=home)
    assert coloured_share(home / "door.png") > 0.0003
    assert "25 checks passed; 1 do not apply." in run("-m", "blendgym", "check", "door:Door", folder=home)
    run("-m", "blendgym", "render", "open_door:Door-v0", "--width", 64, "--height", 48, folder=home)
    assert coloured_share(home / "runs" / "render" / "overview.png") > 0.0003


def test_annotated_pictures_come_in_batches(tmp_path):
    batches = run(EXAMPLES / "annotated_pictures.py", folder=tmp_path).splitlines()
    assert len(batches) == 4
    assert batches[0].startswith("(4, 3, 240, 320) torch.uint8 [[")


def test_ppo_in_plain_pytorch_learns(tmp_path):
    shown = run(EXAMPLES / "ppo_pytorch.py", "--steps", 12_288, folder=tmp_path)
    assert float(shown.split()[-3]) > 40  # of a random policy it is 20


def test_falling_cubes_have_boxes(tmp_path):
    shown = run("-c", SMALL.format("falling_cubes"), EXAMPLES / "falling_cubes", folder=tmp_path).splitlines()
    assert len(shown) == 2
    seen, there = map(int, re.search(r"(\d+) of (\d+) cubes are seen", shown[0]).groups())
    assert 0 < seen <= there
    assert coloured_share(tmp_path / "picture.png") > 0.0003


def test_three_meshes_are_counted_and_shown_in_three_passes(tmp_path):
    shown = run("-c", SMALL.format("three_meshes"), EXAMPLES / "three_meshes", folder=tmp_path).splitlines()
    assert [sum(map(int, re.findall(r"(\d+) ×", line))) > 3 for line in shown] == [True, True]
    with Image.open(tmp_path / "picture.png") as picture:
        assert picture.size == (3 * 160, 2 * 120)


@pytest.mark.long
def test_the_distribution_of_supershapes_comes_to_the_given_one(tmp_path):
    small = "--updates", 30, "--batch", 32, "--targets", 64, "--rate", 0.12, "--producers", 1, "--size", 32
    shown = run(EXAMPLES / "supershapes" / "match_density.py", "figure.png", *small, folder=tmp_path).splitlines()
    m1, m2, distance = map(float, re.findall(r"[ -]\d+\.\d+", shown[-1]))
    first = float(shown[1].split()[-1])
    assert (m1, m2) == pytest.approx((6.0, 4.0), abs=0.8)
    assert distance < first / 2
    assert coloured_share(tmp_path / "figure.png") > 0.0003
