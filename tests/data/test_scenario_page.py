"""What docs/scenarios.md shows runs as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "scenarios.md"
FILE = re.compile(r"```python\n# (\S+\.py)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    for name, text in FILE.findall(PAGE.read_text()):
        (home / name).write_text(text)
    python("make_table.py", cwd=home)
    return home


def python(*arguments, cwd):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True, cwd=cwd).stdout


def test_its_scenario_says_how_many_crates_there_are_and_each_has_a_box(home):
    samples = python("crates.py", cwd=home).splitlines()
    assert [line.split(":")[0] for line in samples] == ["Sample 0", "Sample 1", "Sample 2"]
    for line in samples:
        count = int(re.search(r"(\d) crates", line)[1])
        assert line.count("(") + line.count("None") == count


def test_its_scenario_conforms(home):
    assert "checks passed" in python("-m", "blendgym", "check", "crates:Crates", cwd=home)
