"""The command line, as a person types it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from command_line import blendgym
from drawn import coloured_share
from PIL import Image
from suite import SUITE

from blendgym.version import __version__

NARROW = {**os.environ, "COLUMNS": "80"}


def wait_until(happened, seconds=90):
    limit = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < limit, "it does not happen"
        time.sleep(0.05)


def test_help_names_every_command():
    shown = blendgym("--help").stdout
    for command in (
        "list",
        "doctor",
        "install-server",
        "train",
        "evaluate",
        "demo",
        "dr",
        "serve",
        "keys",
        "check",
        "bench",
        "soak",
    ):
        assert command in shown


def test_list_is_short_and_says_all_about_one():
    shown = blendgym("list", env=NARROW).stdout
    assert all(f"\n{env_id}" in f"\n{shown}" for room in SUITE for env_id in room.ids)
    assert max(map(len, shown.splitlines())) <= 80
    assert len(shown.splitlines()) < 60
    assert "hinge.damping" in blendgym("list", "BlendCartpole-v0", env=NARROW).stdout


def test_the_version_is_that_of_the_package():
    assert blendgym("--version").stdout == f"blendgym {__version__}\n"


def test_doctor_renders_a_frame_and_says_which_blender():
    done = blendgym("doctor", "--quick")
    assert "Blender" in done.stdout
    assert "64×64 image in" in done.stdout


def test_doctor_names_what_is_missing():
    done = blendgym("doctor", "--blender", "/no/such/blender", check=False)
    assert done.returncode == 1
    assert "no program that can be run" in done.stdout


def test_train_and_evaluate_leave_a_run_with_a_video(tmp_path):
    blendgym("train", "BlendCartpole-v0", "--steps", 64, "--output", tmp_path)
    (run,) = tmp_path.iterdir()
    video = tmp_path / "new" / "video.webp"
    shown = blendgym("evaluate", run, "--episodes", 1, "--video", video, "--width", 96, "--height", 54).stdout
    assert "not solved (threshold 475.0)" in shown
    assert "Success in 0% of them, score 0.0" in shown
    with Image.open(video) as animation:
        assert animation.size == (96, 54)


def test_train_adapts_what_is_randomized_and_goes_on_with_a_run(tmp_path):
    blendgym(
        "train", "BlendCartpole-v0", "--steps", 64, "--output", tmp_path, "--randomize", "adaptive", "gravity"
    )  # fmt: skip
    (run,) = tmp_path.iterdir()
    assert json.loads((run / "recipe.json").read_text())["randomize"] == ["adaptive", "gravity"]
    assert json.loads((run / "teacher.json").read_text())["state"]["dimensions"] == 1
    assert f"Trained to the end: {run}" in blendgym("train", "--resume", run).stdout
    done = blendgym("train", "--resume", tmp_path, check=False)
    assert (done.returncode, "no model.zip in it" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("ending", "code"), [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.long)]
)
def test_a_training_that_is_told_to_end_keeps_its_model_and_leaves_no_server(tmp_path, ending, code):
    command = [sys.executable, "-m", "blendgym", "train", "BlendCartpole-v0", "--output", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as training:
        wait_until(lambda: any(file.stat().st_size > 500 for file in tmp_path.glob("*/*monitor.csv")))
        servers = psutil.Process(training.pid).children(recursive=True)
        training.send_signal(ending)
        told = training.communicate(timeout=60)[1]
    assert training.returncode == code
    (run,) = tmp_path.iterdir()
    assert f"To go on: blendgym train --resume {run}" in " ".join(told.split())
    assert "Traceback" not in told
    assert (run / "model.zip").stat().st_size > 10_000
    assert (run / "learning_curve.png").exists()
    assert len(servers) >= 2
    assert not psutil.wait_procs(servers, timeout=30)[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("train", "BlendCartpole-v0", "--steps", "0"), "0 is less than 1"),
        (("evaluate", "/no/such/run"), "is no run folder"),
        (("bench", "meta", "--students", "ars", "--actions", "0"), "0 is less than 1"),
    ],
)
def test_an_error_is_told_without_a_traceback(arguments, message):
    done = blendgym(*arguments, check=False)
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_bench_prints_the_share_of_the_raw_loop(tmp_path):
    shown = blendgym("bench", "steps", "--rounds", 2, "--steps", 50, "--output", tmp_path).stdout
    assert "raw Blender loop" in shown
    assert "100%" in shown
    assert len((tmp_path / "step_rate.csv").read_text().splitlines()) == 3
    assert coloured_share(tmp_path / "step_rate.png") > 0.0003
