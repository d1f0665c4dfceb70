"""Image observations: what the agent sees is what was asked for, and nothing else changes."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import FrameStackObservation, GrayscaleObservation
from places import CARTPOLE
from shared import shared_env

from blendgym.errors import InvalidOption, RenderError

PUSH = np.full(1, 0.5, np.float32)


@pytest.fixture(scope="module")
def everything():
    """An environment that observes the state and all passes of the rasteriser."""
    made = gym.make(
        "BlendCartpole-v0",
        obs_type="state_rgb_rgb_linear_depth_distance_normals_segmentation",
        width=240,
        height=160,
    )
    yield made
    made.close()


coloured = shared_env(CARTPOLE, obs_type="rgb", width=100, height=50)
"""An environment that observes colours alone."""


def test_one_pass_is_an_array_of_the_size_that_was_asked_for(coloured):
    observation, _ = coloured.reset(seed=0)
    assert observation.shape == (50, 100, 3)
    assert observation.dtype == np.uint8
    assert coloured.observation_space.contains(observation)
    assert observation.std() > 10, "something is seen"


def test_several_parts_are_a_dict_in_the_space_that_was_announced(everything):
    observation, _ = everything.reset(seed=0)
    assert list(observation) == ["state", "rgb", "rgb_linear", "depth", "distance", "normals", "segmentation"]
    assert everything.observation_space.contains(observation)
    for part, space in everything.observation_space.items():
        assert observation[part].shape == space.shape
        assert observation[part].dtype == space.dtype


def test_images_show_the_state_after_the_step(everything):
    first, _ = everything.reset(seed=0)
    for _ in range(8):
        last, *_ = everything.step(PUSH)
    pole = next(entry.id for entry in everything.unwrapped.objects.values() if entry.name == "Pole")
    moved = [np.argwhere(each["segmentation"] == pole)[:, 1].mean() for each in (first, last)]
    assert last["state"][0] > first["state"][0]
    assert moved[1] > moved[0]
    capture = everything.unwrapped.capture(passes=("depth",), width=240, height=160)
    np.testing.assert_array_equal(capture.images["depth"], last["depth"])


def test_gymnasiums_checker_has_nothing_to_say(recwarn):
    env = gym.make("BlendCartpole-v0", obs_type="rgb", width=48, height=48, render_mode="rgb_array")
    check_env(env.unwrapped, skip_render_check=False)
    env.close()
    assert not [str(warning.message) for warning in recwarn]


def test_frames_can_be_stacked_in_grey_by_gymnasiums_own_wrappers(coloured):
    env = FrameStackObservation(GrayscaleObservation(coloured), 3)
    env.reset(seed=0)
    observation, *_ = env.step(PUSH)
    assert observation.shape == (3, 50, 100)
    assert (observation[-1] != observation[0]).any()


def test_watching_does_not_change_the_simulation(cartpole, everything):
    cartpole.reset(seed=3, options={"params": {"pole.length": 2.0}})
    everything.reset(seed=3, options={"params": {"pole.length": 2.0}})
    for sign in (1, -1) * 5:
        np.testing.assert_array_equal(cartpole.step(sign * PUSH)[0], everything.step(sign * PUSH)[0]["state"])


def test_the_same_seed_gives_the_same_pixels_on_another_server(make_env):
    views = {engine: {"width": 64, "height": 48, "engine": engine} for engine in ("raster", "workbench", "cycles")}
    one, other = (make_env(obs_type="rgb", views=views) for _ in range(2))
    one.reset(seed=1)
    for _ in range(3):
        one.step(-PUSH)
    seen, expected = [one.reset(seed=5)[0]], [other.reset(seed=5)[0]]
    for _ in range(3):
        seen.append(one.step(PUSH)[0])
        expected.append(other.step(PUSH)[0])
    for name in ("raster_rgb", "workbench_rgb", "cycles_rgb"):
        np.testing.assert_array_equal([each[name] for each in seen], [each[name] for each in expected])


def test_a_parameter_is_seen(cartpole):
    def seen(length):
        cartpole.reset(seed=0, options={"params": {"pole.length": length}})
        return cartpole.capture(passes=("segmentation",), width=320, height=320).images["segmentation"]

    short, long = seen(0.6), seen(1.2)
    pole = next(entry.id for entry in cartpole.objects.values() if entry.name == "Pole")
    heights = [np.ptp(np.argwhere(image == pole)[:, 0]) for image in (short, long)]
    assert heights[1] / heights[0] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("obs_type", ["", "pixels", "rgb_", "rgb_rgb", "rgb-depth", "_", "RGB", 3, None])
def test_an_unknown_observation_type_is_refused_with_the_known_ones(make_env, obs_type):
    with pytest.raises(InvalidOption, match="expected one of state, rgb, rgb_linear"):
        make_env(obs_type=obs_type)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"width": 0}, "width of an image is 0; expected 1 to 8192"),
        ({"height": 10**6}, "height of an image is 1000000; expected 1 to 8192"),
        ({"width": 8192, "height": 8192}, "takes 4288 MiB; at most 1024 are allowed"),
        ({"width": 84.5}, "Expected `int`"),
        ({"engine": "unreal"}, "no engine 'unreal'; there are raster, workbench, eevee, cycles"),
        (
            {"engine": "workbench", "obs_type": "rgb_linear"},
            "gives no pass 'rgb_linear'; that needs raster or",
        ),
        ({"camera_options": {"samples": 3}}, "cannot take 3 samples; it takes 1, 4, 9, 16, 25"),
        ({"camera_options": {"denoise": True}}, "'raster' has no denoise; that needs cycles"),
        ({"camera_options": {"focus_distance": 2.0}}, "'raster' has no focus_distance; that needs cycles"),
        ({"camera_options": {"zoom": 2}}, "unknown field `zoom`"),
        ({"camera_options": {"intrinsics": np.eye(4)}}, "intrinsics of a view must be 3×3 finite numbers"),
        ({"camera_options": {"intrinsics": -np.eye(3)}}, "positive focal lengths"),
        ({"camera_options": {"world_to_camera": 2 * np.eye(4)}}, "must be a rotation"),
        ({"engine": "cycles", "camera_options": {"motion_blur": -1}}, "motion_blur of a view is -1"),
    ],
)
def test_a_view_that_makes_no_sense_is_refused_at_once(make_env, arguments, message):
    with pytest.raises(RenderError, match=message):
        make_env(**{"obs_type": "rgb", **arguments})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"passes": ()}, "at least one pass"),
        ({"passes": ("heat",)}, "no pass 'heat'; there are rgb"),
        ({"camera": "Periscope"}, "no camera 'Periscope'; it has Camera"),
        ({"engine": "workbench", "passes": ("rgb_linear",)}, "gives no pass"),
    ],
)
def test_a_capture_that_makes_no_sense_is_refused_and_the_episode_goes_on(cartpole, arguments, message):
    cartpole.reset(seed=0)
    with pytest.raises(RenderError, match=message):
        cartpole.capture(**arguments)
    cartpole.step(PUSH)


def test_an_image_environment_survives_its_spec(make_env):
    env = gym.make("BlendCartpole-v0", obs_type="rgb_depth", width=32, height=24, camera_options={"samples": 1})
    again = gym.make(gym.envs.registration.EnvSpec.from_json(env.spec.to_json()))
    assert again.observation_space == env.observation_space
