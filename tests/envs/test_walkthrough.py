"""The room of docs/environments.md, made from the page and used as it says: one folder, and nothing else is edited."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import blendgym

PAGE = Path(__file__).parents[2] / "docs" / "environments.md"
FILE = re.compile(r"```python\n# (my_rooms/\S+)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    for name, text in FILE.findall(PAGE.read_text()):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    return home


def test_its_page_shows_the_table_that_was_made_from_the_declaration(home):
    page = blendgym("list", "my_rooms:Puck-v0", "--markdown", cwd=home).stdout
    assert page.startswith("# Puck-v0\n")
    assert "| `puck.mass` | kg | 0.5 | 0.2 | 2 | Mass of the puck |" in page


def test_it_conforms(home):
    done = blendgym("check", "my_rooms:Puck-v0", cwd=home, check=False)
    assert re.search(r"All \d+ checks passed\.", done.stdout), done.stdout


def test_it_is_trained_by_its_recipe_and_evaluated_from_its_run_folder(home):
    blendgym("train", "my_rooms:Puck-v0", "--total-timesteps", 64, "--output", "runs", cwd=home)
    (run,) = (home / "runs").iterdir()
    blendgym("evaluate", run, "--episodes", 1, cwd=home)
    assert (run / "evaluation.json").exists()
