"""Work on a real Ray cluster of several nodes, some of which are killed in the middle."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from places import HELPERS
from ray_nodes import Nodes, node_of
from small_studies import run_of, study_of

from blendgym.studies.comparison import carry_out
from blendgym.studies.exams import Exam
from blendgym.studies.runs import execute, record_of
from blendgym.studies.study import StudyFolder


@pytest.fixture(scope="module")
def nodes():
    before = {process.pid for process in psutil.process_iter()}
    nodes = Nodes()
    yield nodes
    nodes.end()
    ours = [process for process in psutil.Process().children(recursive=True) if process.pid not in before]
    assert psutil.wait_procs(ours, timeout=30)[1] == []


def wait_for(holds):
    deadline = time.monotonic() + 60.0
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def helpers_on_nodes(tmp_path):
    """What the nodes are to have in their environment."""
    return {"PYTHONPATH": str(HELPERS), "ASLEEP": str(tmp_path / "asleep"), "TMPDIR": str(tmp_path)}


def test_a_study_goes_on_when_a_node_is_lost_and_has_the_results_of_this_machine(
    nodes, helpers_on_nodes, tmp_path, monkeypatch
):
    for name, value in helpers_on_nodes.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(HELPERS)
    folder, here = StudyFolder(tmp_path / "nodes"), StudyFolder(tmp_path / "here")
    study = study_of("study_arms:Sleeps", "study_arms:Dies", "study_arms:Raises", seeds=(0,))
    asleep = tmp_path / "asleep"
    with node_of(nodes, **helpers_on_nodes) as first, ThreadPoolExecutor() as pool:
        outcome = pool.submit(carry_out, folder, study, processes=1, execute=nodes.execute)
        wait_for(asleep.exists)
        kept, interrupted, *_ = folder.jobs(study)
        wait_for(lambda: record_of(interrupted.folder))
        process, written = int(asleep.read_text()), (kept.folder / "run.json").stat().st_mtime_ns
        nodes.kill(first)
        with node_of(nodes, **helpers_on_nodes):
            failed = {record.arm: record.error for record in outcome.result()[0].failed}
    assert failed == {
        "study_arms:Dies": "The process of the run ended with exit code -9.",
        "study_arms:Raises": "ArithmeticError: the teacher has lost its way",
    }
    assert (kept.folder / "run.json").stat().st_mtime_ns == written
    assert int(asleep.read_text()) != process
    assert not psutil.pid_exists(process)
    here.declare(study)
    Exam.load(folder.exam).save(here.exam)
    again = interrupted._replace(study=here.path)
    execute(again, lambda steps: None)
    for file in ("results.npz", "student.npz"):
        assert (interrupted.folder / file).read_bytes() == (again.folder / file).read_bytes()


def test_a_run_fails_where_a_node_cannot_do_it_and_says_what_the_node_lacks(nodes, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['blendgym'] = None")
    folder = StudyFolder(tmp_path / "study")
    with node_of(nodes, PYTHONPATH=str(tmp_path)):
        carry_out(folder, study_of(seeds=(0,)), processes=1, execute=nodes.execute)
    error = record_of(run_of(folder, "uniform")).error
    assert "ModuleNotFoundError: " in error
    assert "Install the same version" in error
