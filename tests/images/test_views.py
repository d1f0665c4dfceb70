"""Several views of one moment: observed together, or captured together in one request."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from places import CARTPOLE
from shared import shared_env
from stable_baselines3 import PPO

from blendgym.agents.vec_env import make_vec_env
from blendgym.client.env import BlendEnv
from blendgym.errors import InvalidOption, RenderError
from blendgym.vector.vector_env import BlendVectorEnv

VIEWS = {
    "eye": {"camera": "Eye", "width": 64, "height": 48},
    "front": {"camera": "Front", "width": 40, "height": 40, "engine": "workbench", "passes": ("rgb", "segmentation")},
    "truth": {"camera": "Eye", "width": 32, "height": 24, "engine": "cycles", "passes": ("depth",)},
}
NEAR_AND_FAR = {
    "near": {"width": 64, "height": 48},
    "far": {"width": 40, "height": 36, "engine": "workbench", "passes": ("rgb",)},
}
PUSH = np.full(1, 0.5, np.float32)


solids = shared_env("analytic.tasks:Solids", obs_type="state_rgb_depth", views=VIEWS)


def test_each_pass_of_each_view_is_an_array_in_the_space_that_was_announced(solids):
    observation, _ = solids.reset(seed=0)
    names = ["state", "eye_rgb", "eye_depth", "front_rgb", "front_segmentation", "truth_depth"]
    assert list(observation) == names
    assert set(solids.observation_space) == set(names)
    assert solids.observation_space.contains(observation)
    assert observation["eye_depth"].shape == (48, 64)
    assert observation["front_rgb"].shape == (40, 40, 3)
    assert observation["truth_depth"].shape == (24, 32)


def test_every_view_shows_what_a_capture_of_it_shows(solids):
    observation, _ = solids.reset(seed=0)
    captures = solids.capture_views({name: {"passes": ("rgb", "depth"), **view} for name, view in VIEWS.items()})
    assert list(captures) == list(VIEWS)
    for name, capture in captures.items():
        alone = solids.capture(**{"passes": ("rgb", "depth"), **VIEWS[name]})
        np.testing.assert_array_equal(alone.world_to_camera, capture.world_to_camera)
        for shown, image in capture.images.items():
            np.testing.assert_array_equal(observation[f"{name}_{shown}"], image)
            np.testing.assert_array_equal(alone.images[shown], image)
    assert not np.array_equal(captures["eye"].world_to_camera, captures["front"].world_to_camera)


def test_a_view_without_state_is_a_dict_even_if_it_is_alone(make_env):
    env = make_env(obs_type="rgb", views={"wrist": {"width": 32, "height": 24}})
    observation, _ = env.reset(seed=0)
    assert list(observation) == ["wrist_rgb"]
    assert env.observation_space.contains(observation)
    check_env(env, skip_render_check=True)


def test_one_camera_can_be_in_two_places_at_once(make_env):
    env = make_env()
    env.reset(seed=0)
    here = env.capture().world_to_camera
    raised = here.copy()
    raised[1, 3] += 0.4  # The camera's y points down.
    views = {"low": {"passes": ("depth",)}, "high": {"passes": ("depth",), "world_to_camera": raised}}
    pair = env.capture_views(views)
    np.testing.assert_allclose(pair["high"].world_to_camera, raised)
    assert (pair["low"].images["depth"] != pair["high"].images["depth"]).any()


def test_vectors_see_what_single_environments_see(make_env):
    arguments = {"obs_type": "state_rgb_depth", "views": NEAR_AND_FAR}
    single = make_env(**arguments)
    envs = BlendVectorEnv(CARTPOLE, num_envs=3, num_servers=2, **arguments)
    batch, _ = envs.reset(seed=[4, 5, 6])
    batch, *_ = envs.step(np.tile(PUSH, (3, 1)))
    assert envs.observation_space.contains(batch)
    captures = envs.slots[2].capture_views(NEAR_AND_FAR)
    envs.close()
    for row in range(3):
        single.reset(seed=4 + row)
        observation, *_ = single.step(PUSH)
        assert observation.keys() == batch.keys() == {"state", "near_rgb", "near_depth", "far_rgb"}
        for name, array in observation.items():
            np.testing.assert_array_equal(batch[name][row], array)
    assert {name: capture.images["rgb"].shape for name, capture in captures.items()} == {
        "near": (48, 64, 3),
        "far": (36, 40, 3),
    }


def test_stable_baselines3_learns_from_several_views():
    envs = make_vec_env("BlendCartpole-v0", 2, obs_type="state_rgb", views=NEAR_AND_FAR, max_episode_steps=10)
    model = PPO("MultiInputPolicy", envs, n_steps=8, batch_size=8, n_epochs=1, seed=0, device="cpu")
    model.learn(32)
    action, _ = model.predict(envs.reset())
    envs.close()
    assert action.shape == (2, 1)


def test_a_noisy_sensor_is_noisy_in_every_view(make_env):
    env = make_env(obs_type="rgb", views={**NEAR_AND_FAR, "map": {"passes": ("segmentation",)}})
    clean, _ = env.reset(seed=0)
    noisy, _ = env.reset(seed=0, options={"params": {"observation.noise": 0.05}})
    for name in ("near_rgb", "far_rgb"):
        assert 3 < np.abs(noisy[name].astype(int) - clean[name]).std() < 20
    np.testing.assert_array_equal(noisy["map_segmentation"], clean["map_segmentation"])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"obs_type": "state", "views": {"a": {}}}, RenderError, "at least one pass"),
        ({"views": {}}, RenderError, "views= is empty"),
        ({"obs_type": "rgb", "views": {"a b": {}}}, RenderError, "name of a view is 'a b'; expected letters"),
        ({"obs_type": "rgb", "views": {"a": {"zoom": 2}}}, RenderError, "unknown field `zoom`"),
        ({"obs_type": "rgb", "views": {"a": {"engine": "unreal"}}}, RenderError, "no engine 'unreal'"),
        (
            {
                "obs_type": "rgb_linear",
                "views": {"a": {}, "a_rgb": {"passes": ("depth",)}, "b": {"engine": "workbench"}},
            },
            RenderError,
            "gives no pass 'rgb_linear'",
        ),
    ],
)
def test_views_that_make_no_sense_are_refused_at_once(make_env, arguments, error, message):
    with pytest.raises(error, match=message):
        make_env(**arguments)


def test_an_array_of_the_task_and_one_of_a_view_cannot_have_one_name():
    views = {"side": {"passes": ("rgb",)}}
    with pytest.raises(InvalidOption, match="observes arrays named side_rgb"):
        BlendEnv("named:NamedAfterAView", obs_type="state", views=views)


def test_a_capture_of_too_many_images_is_refused_and_the_episode_goes_on(cartpole):
    cartpole.reset(seed=0)
    with pytest.raises(RenderError, match="200 images are too many for one request"):
        cartpole.capture_views({f"v{number}": {"width": 8, "height": 8} for number in range(200)})
    with pytest.raises(RenderError, match="no camera 'Nowhere'"):
        cartpole.capture_views({"one": {}, "two": {"camera": "Nowhere"}})
    cartpole.step(PUSH)


def test_objects_are_described_if_ids_are_shown_or_they_are_asked_for(cartpole):
    cartpole.reset(seed=0)
    assert cartpole.capture().objects == ()
    for arguments in (
        {"passes": ("segmentation",)},
        {"passes": ("category",)},
        {"objects": True},
        {"visibility": True},
    ):
        assert {seen.name for seen in cartpole.capture(**arguments).objects} >= {"Cart", "Pole"}
    assert cartpole.capture(passes=("segmentation",), objects=False).objects == ()
    assert list(cartpole.capture(objects=True).images) == ["rgb"]
    assert {seen.visibility is None for seen in cartpole.capture(objects=True).objects} == {True}
