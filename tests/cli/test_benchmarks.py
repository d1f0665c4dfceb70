"""The benchmarks run: each contestant steps, and each table and chart is made."""

from __future__ import annotations

import csv
import os
import subprocess
import sys

import numpy as np
import psutil
import pytest
import zmq
from command_line import blendgym
from drawn import coloured_share
from vectors import ENV_ID

from blendgym.benchmarks.contest import Child, compete, save, side_by_side
from blendgym.benchmarks.steps import vector_rate
from blendgym.benchmarks.steps.scaling_plot import plot_scaling
from blendgym.benchmarks.streams import blendtorch_stream, stream_rate
from blendgym.benchmarks.streams.pictured import CLUTTER, CUBE
from blendgym.benchmarks.suite import suite
from blendgym.data.streams.stream import Stream

BLENDTORCH = os.environ.get("BLENDGYM_BLENDTORCH", "")

of_blendtorch = pytest.mark.skipif(
    not BLENDTORCH, reason="NOT TESTED: $BLENDGYM_BLENDTORCH names no checkout of blendtorch"
)


@pytest.mark.parametrize("kind", ["vector", "async", pytest.param("subproc", marks=pytest.mark.long)])
def test_many_environments_of_each_kind_say_how_long_their_steps_take(kind):
    child = vector_rate._vector(kind, ENV_ID, "state", 2, 1)
    assert child.seconds(40) > 0
    child.close()


def test_raw_loops_side_by_side_compete_with_many_environments(tmp_path):
    raw, ours = vector_rate._raw(ENV_ID, "rgb", 2), [vector_rate._vector("vector", ENV_ID, "rgb", 2, 2)]
    contestants = {"raw": lambda steps: side_by_side(raw, steps), "ours": lambda steps: side_by_side(ours, steps)}
    save(tmp_path, "rates", compete(contestants, 2, 20, ""), "")
    for child in (*raw, *ours):
        child.close()
    with (tmp_path / "rates.csv").open() as file:
        header, *rows = csv.reader(file)
    assert header == ["raw [s/step]", "ours [s/step]"]
    assert [all(float(value) > 0 for value in row) for row in rows] == [True, True]
    assert coloured_share(tmp_path / "rates.png") > 0.0003


def test_a_contestant_that_cannot_be_made_is_told():
    with pytest.raises(RuntimeError, match="blendtorch_peer.py /no/such/checkout ended with exit code 1"):
        Child(vector_rate.BLENDTORCH_SCRIPT, "/no/such/checkout")


def test_a_contestant_ends_by_itself_though_another_process_holds_its_input():
    child = Child(stream_rate.RAW_SCRIPT, *stream_rate.Pictures(CUBE, (32, 24), ("rgb",), 8).told())
    process = psutil.Process(child.pid)
    with os.fdopen(os.dup(child._questions.fileno())):
        child.close()
    assert not process.is_running()
    assert child._process.returncode == 0


def test_scaling_is_drawn(tmp_path):
    plot_scaling(
        tmp_path / "scaling.png", {"raw loop × 1": 9.0, "1 slots × 1 servers": 3.0, "4 slots × 2 servers": 8.0}, ""
    )
    assert coloured_share(tmp_path / "scaling.png") > 0.0003


@pytest.mark.long
def test_the_race_of_learning_reports_both_environments(tmp_path):
    shown = blendgym(
        "bench", "learning", "--steps", 512, "--seeds", 1, "--episodes", 2, "--num-servers", 1, "--output", tmp_path
    ).stdout
    assert "CartPole-v1" in shown
    assert "BlendCartpole-v0" in shown
    assert len((tmp_path / "learning_race.csv").read_text().splitlines()) == 3


def test_streams_are_compared_with_the_same_samples_made_in_blender_itself(tmp_path):
    small = (
        "--width",
        32,
        "--height",
        24,
        "--producers",
        1,
        "--workers",
        0,
        1,
        "--rounds",
        1,
        "--samples",
        3,
        "--processes",
        1,
    )
    shown = blendgym("bench", "stream", *small, "--output", tmp_path).stdout
    for contestant in ("raw loops, 1 processes", "1 producer, 0 workers", "1 producer, 1 workers", "recorded"):
        assert shown.count(contestant) == 2
    for scene in ("Cube", "Clutter"):
        with (tmp_path / f"stream_rate_{scene}_32x24_rgb.csv").open() as file:
            header, row = csv.reader(file)
        assert len(header) == 4
        assert all(float(seconds) > 0 for seconds in row)


@of_blendtorch
def test_blendtorch_carries_the_same_pictures_as_a_stream(tmp_path):
    pictures, address = stream_rate.Pictures(CUBE, (32, 24), ("rgb",), 8), f"ipc://{tmp_path}/0"
    command = [sys.executable, blendtorch_stream.SAMPLES_SCRIPT, BLENDTORCH, *pictures.told(), address, "1", "2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL), zmq.Context() as context:
        socket = context.socket(zmq.PULL)
        socket.connect(address)
        published = [socket.recv_pyobj() for _ in range(2)]
        socket.close()
    with pictures.stream(1) as stream:
        samples = {sample.index: sample.images["rgb"] for sample in stream}
    assert [each["index"] for each in published] == [1, 3]
    for each in published:
        assert np.array_equal(each["rgb"], samples[each["index"]])


@of_blendtorch
@pytest.mark.parametrize("workers", [0, 2])
def test_blendtorchs_stream_takes_part_and_leaves_nothing(workers):
    told = stream_rate.Pictures(CUBE, (32, 24), ("rgb",), 8).told()
    child = Child(stream_rate.BLENDTORCH_SCRIPT, BLENDTORCH, *told, "2", str(workers))
    assert child.seconds(16) > 0
    started = psutil.Process(child.pid).children()
    assert len(started) == 2 + workers
    child.close()
    assert psutil.wait_procs(started, 10)[1] == []


def test_things_fall_and_boards_hide_some_of_them():
    with Stream(CLUTTER, count=2, passes=("segmentation",), camera_options={"visibility": True}) as stream:
        for sample in stream:
            things = [each for each in sample.view.objects if each.category in ("Box", "Ball", "Rod")]
            assert len(things) == 24
            assert any(each.visibility < 0.5 for each in things)
            assert sum(each.category == "Board" for each in sample.view.objects) == 3


def test_layouts_are_compared_with_plain_blender_playing_the_same(tmp_path):
    shown = blendgym(
        "bench", "layouts", "--things", 3, "--seconds", 0.2, "--rounds", 1, "--episodes", 1, "--output", tmp_path
    ).stdout
    assert "times" in shown
    assert len((tmp_path / "layout_rate.csv").read_text().splitlines()) == 2


@pytest.mark.parametrize("env_id", ["BlendCartpoleDiscrete-v0", pytest.param("BlendStack-v0", marks=pytest.mark.long)])
def test_an_environment_of_the_suite_is_measured_against_its_scene_alone(env_id, tmp_path):
    suite.main((env_id,), rounds=2, seconds=0.02, resets=1, output=tmp_path)
    assert f"| {env_id} | " in (tmp_path / "suite.md").read_text()
    with (tmp_path / "suite.csv").open() as file:
        header, *rows = csv.reader(file)
    contestants = (suite.RAW, suite.TWO_RAW, suite.ONE, suite.MANY, suite.RESET)
    assert header == ["env_id", "round", *(f"{name} [s]" for name in contestants)]
    assert len(rows) == 2
    assert all(float(value) > 0 for row in rows for value in row[2:])
