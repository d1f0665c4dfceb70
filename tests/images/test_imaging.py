"""Lens and sensor as parameters: each effect by its closed form, none of an ideal camera, the same wherever seen."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from engines import EACH_ENGINE
from photographed import BOUNDS, IDEAL
from PIL import Image
from shared import shared_env
from srgb import linear

from blendgym.blender.imaging.exposure import blurred, compressed, exposed, through_lens
from blendgym.blender.imaging.imaging import Imaging
from blendgym.blender.render.colours import encoded
from blendgym.client.env import BlendEnv
from blendgym.errors import InvalidParameter, RenderError, SceneError
from blendgym.images.engines import ENGINES
from blendgym.parameters import Lens, Sensor
from blendgym.parameters.selection import select
from blendgym.vector.vector_env import BlendVectorEnv

SIZE = {"width": 96, "height": 64}
SEED = 3
STRONG = {
    "k1": -0.2, "k2": 0.05, "p1": 0.005, "p2": 0.003, "k3": 0.01, "vignetting": 1.0, "blur": 0.005, "exposure": 0.5,
    "shot_noise": 0.05, "read_noise": 0.02, "red_gain": 1.3, "blue_gain": 0.8, "gamma": 0.9, "jpeg_quality": 60,
}  # fmt: skip


patches = shared_env("photographed:Patches")


@pytest.fixture(scope="module")
def built():
    """The same scene without parameters."""
    env = BlendEnv("analytic.tasks:Markers", camera="Wall")
    env.reset(seed=SEED)
    yield env
    env.close()


def photograph(env, values, passes=("rgb",), seed=SEED, **arguments):
    env.reset(seed=seed, options={"params": values})
    return env.capture(passes=passes, **{**SIZE, **arguments}).images


def imaging(**numbers):
    made = Imaging()
    for name, value in numbers.items():
        made.set(name, value)
    return made


def flat(light, width=600, height=400):
    return np.full((height, width, 3), light, np.float32)


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_an_ideal_camera_gives_the_very_pictures_of_a_scene_without_parameters(patches, built, engine):
    passes = [name for name in ENGINES[engine].passes if name != "distance"]
    expected = built.capture(passes=passes, engine=engine, **SIZE).images
    photograph(patches, STRONG)
    for values in ({}, IDEAL):
        given = photograph(patches, values, passes, engine=engine)
        for name in passes:
            np.testing.assert_array_equal(given[name], expected[name])


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("engine", ["raster", "workbench", "cycles"])
def test_every_number_is_seen_with_every_engine(patches, name, engine):
    low, high = BOUNDS[name]
    changed = photograph(patches, {name: low if name == "jpeg_quality" else high}, engine=engine)["rgb"]
    assert (changed != photograph(patches, {}, engine=engine)["rgb"]).mean() > 0.005


@pytest.mark.parametrize("light", [0.1, 0.3, 0.6])
def test_the_variance_of_noise_grows_with_the_light(light):
    picture = exposed(flat(light), imaging(shot_noise=0.08, read_noise=0.03), 0.0, np.random.default_rng(0))
    seen = linear(picture)
    assert seen.mean() == pytest.approx(light, rel=0.003)
    assert seen.var() == pytest.approx(0.08**2 * light + 0.03**2, rel=0.02)


def test_the_noise_of_pixels_and_channels_is_their_own():
    seen = linear(exposed(flat(0.4), imaging(shot_noise=0.1), 0.0, np.random.default_rng(0))) - 0.4
    for other in (np.roll(seen, 1, axis=0), np.roll(seen, 1, axis=1), np.roll(seen, 1, axis=2)):
        assert abs((seen * other).mean() / seen.var()) < 0.01


@pytest.mark.parametrize("deviation", [0.7, 1.5, 6.0])
def test_a_point_out_of_focus_is_a_gaussian_of_its_width(deviation):
    point = np.zeros((81, 81, 3), np.float32)
    point[40, 40] = 1.0
    spread = blurred(point, deviation)[..., 0].astype(float)
    away = np.arange(81) - 40
    assert spread.sum() == pytest.approx(1.0, rel=1e-5)
    assert (spread.sum(axis=0) * away**2).sum() == pytest.approx(deviation**2, rel=0.01)
    assert (spread.sum(axis=1) * away**2).sum() == pytest.approx(deviation**2, rel=0.01)
    expected = np.exp(-0.5 * (away[None] ** 2 + away[:, None] ** 2) / deviation**2)
    np.testing.assert_allclose(spread / spread[40, 40], expected, atol=1e-3)


def test_blur_is_a_share_of_the_width_and_leaves_what_is_the_same_everywhere():
    point = np.zeros((30, 100, 3), np.float32)
    point[15, 50] = 1.0
    np.testing.assert_array_equal(through_lens(point, imaging(blur=0.02), None), blurred(point, 2.0))
    np.testing.assert_allclose(blurred(flat(0.3, 40, 30), 9.0), 0.3, rtol=1e-5)


@pytest.mark.parametrize("vignetting", [0.5, 1.0, 2.0])
def test_vignetting_is_the_fourth_power_of_the_cosine_to_the_power_of_the_number(vignetting):
    cosine = np.array([[1.0, 0.8], [0.5, np.nan]])
    seen = through_lens(flat(0.9, 2, 2), imaging(vignetting=vignetting), lambda: 1 / cosine)
    expected = 0.9 * np.nan_to_num(cosine) ** (4 * vignetting)
    np.testing.assert_allclose(seen, np.repeat(expected[..., None], 3, axis=2), rtol=1e-5)


@pytest.mark.parametrize("lens", [{}, {"k1": -0.2, "p1": 0.005}])
def test_a_picture_is_darkened_by_the_angles_of_its_rays(patches, lens):
    bright = photograph(patches, lens, ("rgb_linear",))["rgb_linear"]
    dark = photograph(patches, lens | {"vignetting": 1.0}, ("rgb_linear",))["rgb_linear"]
    cosines = patches.capture(**SIZE).projection.rays(**SIZE)[..., 2:]
    assert cosines.min() < 0.9
    np.testing.assert_allclose(dark, bright * cosines**4, rtol=1e-4, atol=1e-6)


def test_a_stop_is_twice_the_light_and_gains_are_of_red_and_blue_alone():
    generator = np.random.default_rng(0)
    picture = exposed(flat(0.2, 2, 2), imaging(exposure=1.0, red_gain=1.5, blue_gain=0.5), -0.5, generator)
    light = 0.2 * 2**0.5
    np.testing.assert_allclose(linear(picture[0, 0]), [1.5 * light, light, 0.5 * light], rtol=0.01)


@pytest.mark.parametrize("gamma", [0.5, 2.2])
def test_gamma_is_the_exponent_of_finished_colours(gamma):
    light = np.linspace(0, 1, 300, dtype=np.float32).reshape(10, 10, 3)
    picture = exposed(light, imaging(gamma=gamma), 0.0, np.random.default_rng(0))
    plain = encoded(light) / 255.0
    assert np.abs(picture / 255.0 - plain**gamma)[plain > 0.1].max() < 0.01
    assert picture.max() == 255


@pytest.mark.parametrize("quality", [1, 50, 95])
def test_jpeg_is_that_of_pillow(patches, quality):
    images = photograph(patches, {"jpeg_quality": quality}, ("rgb", "rgb_linear"))
    file = io.BytesIO()
    Image.fromarray(encoded(images["rgb_linear"])).save(file, "JPEG", quality=quality)
    np.testing.assert_array_equal(images["rgb"], np.array(Image.open(file)))


def test_without_pillow_jpeg_is_refused_and_the_error_says_where_it_comes_from(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(RenderError, match="needs Pillow.*install-server"):
        compressed(np.zeros((8, 8, 3), np.uint8), 50)


def test_linear_radiance_is_the_light_that_arrives_at_the_sensor(patches):
    of_sensor = {name: STRONG[name] for name in Sensor.numbers}
    light = photograph(patches, of_sensor, ("rgb_linear",))["rgb_linear"]
    np.testing.assert_array_equal(light, photograph(patches, {}, ("rgb_linear",))["rgb_linear"])
    of_lens = {name: STRONG[name] for name in Lens.numbers}
    assert (light != photograph(patches, of_lens, ("rgb_linear",))["rgb_linear"]).any()


def test_annotations_know_nothing_of_noise_blur_and_colours(patches):
    passes = ("depth", "normals", "segmentation")
    straight = {name: value for name, value in STRONG.items() if name not in ("k1", "k2", "p1", "p2", "k3")}
    for name, image in photograph(patches, straight, passes).items():
        np.testing.assert_array_equal(image, photograph(patches, {}, passes)[name])


def test_a_picture_is_a_function_of_seed_moment_and_camera_on_any_server_in_any_slot(patches):
    expected = [photograph(patches, STRONG)["rgb"]]
    np.testing.assert_array_equal(patches.capture(**SIZE).images["rgb"], expected[0], err_msg="nothing has moved")
    patches.step(np.zeros(1, np.float32))
    expected.append(patches.capture(**SIZE).images["rgb"])
    assert (expected[0] != expected[1]).mean() > 0.2, "another moment, other noise"
    assert (photograph(patches, STRONG, seed=SEED + 1)["rgb"] != expected[0]).mean() > 0.2
    envs = BlendVectorEnv("photographed:Patches", num_envs=4, num_servers=2, obs_type="rgb", **SIZE)
    try:
        options = {"params": STRONG}
        first = envs.reset(seed=[SEED + 9, SEED, SEED + 1, SEED], options=options)[0]
        second = envs.step(np.zeros((4, 1), np.float32))[0]
        for slot in (1, 3):
            np.testing.assert_array_equal(first[slot], expected[0])
            np.testing.assert_array_equal(second[slot], expected[1])
    finally:
        envs.close()


def test_people_are_shown_an_ideal_camera_and_may_ask_a_capture_for_one(make_env, built):
    env = make_env("photographed:Patches", render_mode="rgb_array", render_width=96, render_height=64)
    for _ in range(2):
        env.reset(seed=SEED, options={"params": STRONG})
        expected = built.capture(**SIZE).images["rgb"]
        np.testing.assert_array_equal(env.render(), expected)
        np.testing.assert_array_equal(env.capture(**SIZE, ideal=True).images["rgb"], expected)
        assert (env.capture(**SIZE).images["rgb"] != expected).any()


def test_a_sensor_may_change_within_an_episode(make_env):
    often = {"exposure": {"phase": "interval", "interval": 0.2}}
    env = make_env("photographed:Patches", randomize=often, obs_type="rgb", **SIZE)
    pictures = [env.reset(seed=SEED)[0], *(env.step(np.zeros(1, np.float32))[0] for _ in range(4))]
    means = [float(linear(picture).mean()) for picture in pictures]
    assert means[0] == means[1] == means[2]
    assert means[3] == means[4] != means[0]


def test_imaging_is_a_group_of_its_own_that_students_who_do_not_see_never_meet(patches):
    parameters = patches.task.parameters
    assert set(select(parameters, "imaging")) == set(BOUNDS)
    assert not set(select(parameters, "physical"))


def test_a_camera_that_is_not_there_and_a_number_that_makes_no_sense_are_named(make_env):
    with pytest.raises(SceneError, match="no camera 'Ear'"):
        make_env("photographed:Misnamed").reset(seed=0)
    env = make_env("photographed:TooBlurred")
    with pytest.raises(InvalidParameter, match="blur of a camera is 0.5; expected a number from 0 to 0.1"):
        env.reset(seed=0, options={"params": {"blur": 0.5}})
    env.reset(seed=0, options={"params": {"blur": 0.05}})
    with pytest.raises(InvalidParameter, match="A Lens has no 'vigneting', but k1, k2.* Did you mean 'vignetting'"):
        Lens("Eye", "vigneting")
