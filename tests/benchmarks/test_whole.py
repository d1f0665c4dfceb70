"""Figures go where documents have a place for them, and into a history that is never overwritten."""

from __future__ import annotations

import csv
from datetime import datetime

import pytest
from drawn import coloured_share

from blendgym.benchmarks.steps import step_rate
from blendgym.benchmarks.whole.command import DOCUMENTS, HISTORY, PICTURE, keep, main
from blendgym.benchmarks.whole.contests import CONTESTS, detailed, summarized
from blendgym.benchmarks.whole.documents import write_tables
from blendgym.benchmarks.whole.history import shares
from blendgym.benchmarks.whole.machine import Machine, this_machine
from blendgym.errors import InvalidOption

STEPS = {step_rate.RAW: [40e-6, 41e-6, 42e-6], step_rate.REMOTE: [100e-6, 102.5e-6, 900e-6]}
MACHINE = Machine("a processor", 2, "0.1.0", "4.5.15", "3.11.9", 0.1)
DOCUMENT = "Before.\n<!-- bench steps -->\nold\n<!-- end -->\nBetween.\n<!-- bench vectors -->\nkept\n<!-- end -->\n"


@pytest.fixture
def checkout(tmp_path):
    for name in (*DOCUMENTS, PICTURE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    for name in DOCUMENTS:
        (tmp_path / name).write_text(DOCUMENT)
    return tmp_path


def test_a_table_replaces_what_is_in_its_place_and_nothing_else(tmp_path):
    file = tmp_path / "speed.md"
    file.write_text(DOCUMENT)
    assert write_tables(file, {"steps": "| new |\n", "frames-84": "| none |"}) == ["steps"]
    assert file.read_text() == DOCUMENT.replace("old", "| new |")


def test_everybody_is_compared_with_the_first_by_medians():
    table = detailed(CONTESTS["steps"], {**STEPS, step_rate.PING: [20e-6]}).splitlines()
    assert table[0] == "| | µs per step | steps/s | |"
    assert table[2].endswith("| 41 | 24,400 | 100% |")
    assert table[3] == "| **one remote environment** | 102 | 9,760 | 40% |"
    assert table[4] == "| round trip alone | 20 | 50,000 |  |"


def test_a_summary_leaves_out_what_was_not_measured():
    assert summarized({"steps": STEPS}).count("\n") == 3
    assert "one remote environment** | 9,760 | 40%" in summarized({"steps": STEPS})


def test_a_run_is_added_to_the_history_and_drawn(checkout):
    for day in (1, 2):
        keep(checkout, {"steps": f"run {day}"}, datetime(2026, 11, day, 12, 30), MACHINE, {"steps": STEPS})
    rows = list(csv.DictReader((checkout / HISTORY).read_text().splitlines()))
    assert [row["time"] for row in rows] == ["2026-11-01T12:30"] * 2 + ["2026-11-02T12:30"] * 2
    assert rows[0]["processor"] == "a processor"
    ((name, points),) = shares(checkout / HISTORY)["steps"].items()
    assert name == step_rate.REMOTE
    assert [share for _, share in points] == pytest.approx([0.4, 0.4])
    assert coloured_share(checkout / PICTURE) > 0.0003
    assert all("run 2" in (checkout / name).read_text() for name in DOCUMENTS)


def test_documents_have_figures_of_one_run(checkout):
    with pytest.raises(InvalidOption, match="leave out their names"):
        main(("steps",), checkout=checkout)
    assert all((checkout / name).read_text() == DOCUMENT for name in DOCUMENTS)


def test_a_machine_says_what_figures_were_measured_on():
    assert "Blender 4.5.15" in str(this_machine("4.5.15"))


def test_documents_have_places_for_contests_that_there_are(pytestconfig):
    text = (pytestconfig.rootpath / "docs/speed.md").read_text()
    assert all(f"<!-- bench {name} -->" in text for name in (*CONTESTS, "machine"))
