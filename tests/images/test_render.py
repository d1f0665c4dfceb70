"""Images of the cart-pole: what is seen is what is simulated."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.wrappers import RecordVideo

from blendgym.errors import RenderError, ResetNeeded

WIDTH, HEIGHT = 320, 180


@pytest.fixture(scope="module")
def env():
    made = gym.make("BlendCartpole-v0", render_mode="rgb_array", render_width=WIDTH, render_height=HEIGHT)
    made.reset(seed=0)
    yield made
    made.close()


def wooden(image):
    """Where the pole is seen: the only thing that is much redder than blue and not as dark as the stops."""
    red, green, blue = (image[..., channel].astype(int) for channel in range(3))
    return (red - blue > 60) & (green - blue > 20)


def test_an_image_has_the_size_and_type_that_were_asked_for(env):
    image = env.render()
    assert image.shape == (HEIGHT, WIDTH, 3)
    assert image.dtype == np.uint8
    assert image.flags.writeable


def test_the_sky_is_on_top_and_the_ground_below(env):
    env.reset(seed=0)
    image = env.render().astype(int)
    top, bottom = image[2].mean(axis=0), image[-2].mean(axis=0)
    assert top[2] > top[0], "the sky is blue"
    assert top[2] - top[0] > bottom[2] - bottom[0]


def test_the_cart_is_seen_where_it_is(env):
    env.reset(seed=0, options={"params": {"pole.length": 3.0}})
    middle = np.argwhere(wooden(env.render())).mean(axis=0)[1]
    assert middle == pytest.approx(WIDTH / 2, abs=5)
    for _ in range(12):
        observation, *_ = env.step(np.ones(1, np.float32))
    assert observation[0] > 0.2
    image = env.render()
    # The camera is 6.6 m away and sees 48 degrees across.
    pixels_per_metre = WIDTH / (2 * 6.6 * np.tan(np.radians(24)))
    foot = np.argwhere(wooden(image))
    foot = foot[foot[:, 0] > foot[:, 0].max() - 6][:, 1].mean()
    assert foot - WIDTH / 2 == pytest.approx(observation[0] * pixels_per_metre, abs=4)


def test_the_frame_after_a_reset_is_that_of_a_fresh_server(env, make_env):
    env.reset(seed=0)
    for _ in range(5):
        env.step(np.ones(1, np.float32))
    env.reset(seed=3)
    fresh = make_env(render_mode="rgb_array", render_width=WIDTH, render_height=HEIGHT)
    fresh.reset(seed=3)
    np.testing.assert_array_equal(env.render(), fresh.render())


def test_rendering_changes_nothing_in_the_simulation(env, make_env):
    blind = make_env()
    env.reset(seed=4)
    blind.reset(seed=4)
    for sign in (1, -1) * 5:
        env.render()
        action = np.full(1, 0.5 * sign, np.float32)
        np.testing.assert_array_equal(env.step(action)[0], blind.step(action)[0])


def test_a_video_can_be_recorded(env, tmp_path):
    recorded = RecordVideo(env, str(tmp_path / "videos"), disable_logger=True)
    recorded.reset(seed=0)
    for _ in range(5):
        recorded.step(np.zeros(1, np.float32))
    recorded.stop_recording()
    (video,) = tmp_path.glob("videos/*.mp4")
    assert video.stat().st_size > 1000


def test_a_person_can_watch(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with pytest.warns(UserWarning, match="HumanRendering"):
        env = gym.make("BlendCartpole-v0", render_mode="human", render_width=64, render_height=48)
    env.reset(seed=0)
    env.step(np.zeros(1, np.float32))
    env.close()


def test_there_is_no_image_before_the_first_reset(make_env):
    with pytest.raises(ResetNeeded, match="before the first reset"):
        make_env(render_mode="rgb_array").render()


@pytest.mark.parametrize("size", [{"render_width": 0}, {"render_height": -1}, {"render_width": 100_000}])
def test_an_impossible_size_is_refused(make_env, size):
    with pytest.raises(RenderError, match="expected 1 to 8192 pixels"):
        make_env(render_mode="rgb_array", **size)


def test_an_unknown_camera_is_refused(make_env):
    with pytest.raises(RenderError, match="no camera 'Periscope'; it has Camera"):
        make_env(render_mode="rgb_array", camera="Periscope").reset()


def test_a_scene_saved_as_a_file_gives_the_same_episode_as_its_builder(cartpole, make_env, tmp_path):
    import subprocess
    import sys

    path = tmp_path / "cartpole.blend"
    code = (
        "import bpy; from blendgym.blender.scenes import load_scenes; from blendgym.scene_places import ScenePlace\n"
        "load_scenes(ScenePlace(None, 'blendgym.envs.cartpole.scene'), 1)\n"
        f"bpy.ops.wm.save_as_mainfile(filepath={str(path)!r})"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    saved = make_env("tasks:SavedCartpole", path=str(path))
    for each in (cartpole, saved):
        each.reset(seed=0)
    for sign in (1, -1) * 10:
        action = np.full(1, 0.5 * sign, np.float32)
        np.testing.assert_array_equal(cartpole.step(action)[0], saved.step(action)[0])
