"""Blender's own window shows the simulation, changes nothing of it, and can be closed."""

from __future__ import annotations

import contextlib
import math
import time

import numpy as np
import psutil
import pytest
from display import XVFB, Display
from executables import executable, needs_executable
from free_tasks import ENDLESS
from places import CARTPOLE

from blendgym.client.env import BlendEnv
from blendgym.errors import DisplayNotFound, InvalidOption, ServerDied
from blendgym.images.engines import ENGINES

SMALL = {"width": 64, "height": 48, "samples": 1}
STEPS = 100
PIXELS_PER_METRE = 960 / (2 * math.tan(math.radians(48) / 2) * 6.6)
"""At the cart, by the camera's distance and angle of view."""

WINDOW_CENTRE = 100 + 960 / 2
"""In pixels, as the window is as wide as the server makes it."""

PUSH = np.ones(1, np.float32)

needs_display = pytest.mark.skipif(not XVFB, reason="NOT TESTED: there is no Xvfb; on Debian: apt-get install xvfb.")


@pytest.fixture(scope="module")
def display(tmp_path_factory):
    with contextlib.closing(Display(tmp_path_factory.mktemp("display"))) as display, pytest.MonkeyPatch.context() as at:
        at.setenv("DISPLAY", display.name)
        at.delenv("WAYLAND_DISPLAY", raising=False)
        yield display


@pytest.fixture(scope="module")
def shown(display):
    """An environment with a window."""
    with contextlib.closing(BlendEnv(ENDLESS, blender=executable(), window=True)) as env:
        yield env


@pytest.fixture(scope="module")
def unseen():
    """The same without."""
    with contextlib.closing(BlendEnv(ENDLESS, blender=executable())) as env:
        yield env


def trajectory(env, steps=STEPS):
    observations = [env.reset(seed=0, options={"params": {"pole.length": 1.7, "angle": 0.1}})[0]]
    forces = np.random.default_rng(0).uniform(-5, 5, (steps, 1)).astype(np.float32)
    return np.array(observations + [env.step(force)[0] for force in forces])


def wait_for_cart(display, x, seconds=60):
    """Waits until the window shows the cart there."""
    limit = time.monotonic() + seconds
    while not abs(cart_column(display.picture()) - (WINDOW_CENTRE + PIXELS_PER_METRE * x)) < 10:
        assert time.monotonic() < limit, f"no window shows the cart at {x} m"
        time.sleep(0.1)


def cart_column(picture):
    red, _, blue = np.moveaxis(picture[400:].astype(int), 2, 0)  # The lower half, without the sky.
    columns = np.nonzero((blue > red + 60).any(0))[0]
    return columns.mean() if len(columns) else np.nan


def wait_for_end(pid, seconds):
    limit = time.monotonic() + seconds
    while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < limit, "the server did not end"
        time.sleep(0.02)


@needs_executable
@needs_display
def test_the_window_follows_the_cart(shown, display):
    for start in (-1.0, 1.0):
        shown.reset(seed=0, options={"params": {"x": start}})
        for _ in range(10):
            position = shown.step(PUSH)[0][0]
        assert position > start
        wait_for_cart(display, position)


@needs_executable
@needs_display
def test_a_window_changes_no_trajectory(shown, unseen):
    expected, actual = trajectory(unseen), trajectory(shown)
    assert np.ptp(expected, axis=0).min() > 0.05, "it has moved"
    np.testing.assert_array_equal(actual, expected)


@needs_executable
@needs_display
@pytest.mark.parametrize("engine", ["raster", "workbench", "cycles"])
def test_a_window_changes_no_picture(shown, unseen, engine):
    pictures = []
    for env in (shown, unseen):
        trajectory(env, steps=20)
        pictures.append(env.capture(engine=engine, passes=ENGINES[engine].passes, **SMALL).images)
    for name in ENGINES[engine].passes:
        np.testing.assert_array_equal(*(images[name] for images in pictures))


@needs_executable
@needs_display
def test_closing_the_window_ends_the_server_and_reset_opens_it_anew(shown, display):
    shown.reset(seed=0)
    wait_for_cart(display, 0.0)
    assert display.ask_windows_to_close() == 1
    wait_for_end(shown.server_pid, seconds=60)
    with pytest.raises(ServerDied, match=r"(?s)exit code 0.*reset\(\) launches a new one.*The window was closed"):
        shown.step(PUSH)
    shown.reset(seed=0)
    wait_for_cart(display, 0.0)


@needs_executable
@needs_display
def test_a_window_shows_the_scene_of_a_file(make_env, display, tmp_path):
    blend = str(tmp_path / "saved.blend")
    make_env("tasks:SavingCartpole", blend=blend, blender=executable()).reset()
    env = make_env("tasks:SavedCartpole", path=blend, blender=executable(), window=True)
    env.reset(seed=0)
    wait_for_cart(display, 0.0)


@needs_executable
@needs_display
def test_closing_the_environment_closes_the_window(display):
    env = BlendEnv(CARTPOLE, blender=executable(), window=True)
    env.reset(seed=0)
    server = psutil.Process(env.server_pid)
    start = time.monotonic()
    env.close()
    assert not server.is_running()
    assert time.monotonic() - start < 4, "it was killed instead of asked"


@needs_executable
@needs_display
def test_a_window_that_waits_leaves_the_processor_alone(shown, display):
    shown.reset(seed=0)
    wait_for_cart(display, 0.0)
    server = psutil.Process(shown.server_pid)
    # Blender smooths the edges of what it has drawn for another while.
    assert any(server.cpu_percent(interval=1) < 20 for _ in range(10))


def test_a_python_has_no_window_and_says_what_has_one():
    with pytest.raises(InvalidOption, match="is a Python with bpy.*blender=.*render_mode='human'"):
        BlendEnv(CARTPOLE, window=True)


@needs_executable
def test_a_missing_display_is_reported_before_blender_starts(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(DisplayNotFound, match="window=True needs a display.*xvfb-run"):
        BlendEnv(CARTPOLE, blender=executable(), window=True)
