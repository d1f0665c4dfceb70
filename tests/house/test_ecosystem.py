"""The page of frameworks can be run: every section says how its tool is installed, and shows a program."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "ecosystem"))
import run

SECTIONS = run.sections()


def test_every_section_but_the_table_has_a_program():
    headings = re.findall(r"^## (.+)$", run.PAGE.read_text(), re.MULTILINE)
    assert [section.tool for section in SECTIONS] == headings[:-1]
    assert headings[-1] == "Versions"


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.tool)
def test_a_section_installs_blendgym_and_its_tool(section):
    assert any(each.startswith("blendgym") for each in section.installs[0])
    assert "blendgym" in section.program


def test_the_table_keeps_the_rows_of_tools_that_were_not_run(tmp_path, monkeypatch):
    page = tmp_path / "frameworks.md"
    shutil.copy(run.PAGE, page)
    monkeypatch.setattr(run, "PAGE", page)
    one, other = SECTIONS[0].tool, SECTIONS[-1].tool
    run.write_row(other, f"| {other} | first |")
    run.write_row(one, f"| {one} | second |")
    rows = [line for line in page.read_text().splitlines() if line.endswith(("first |", "second |"))]
    assert rows == [f"| {one} | second |", f"| {other} | first |"]
    assert page.read_text().count("## Versions\n") == 1
