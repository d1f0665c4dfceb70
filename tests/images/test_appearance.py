"""Other surfaces and other lighting, and back again."""

from __future__ import annotations

import struct

import gymnasium as gym
import numpy as np
import pytest
from PIL import Image

from blendgym.errors import AssetError, InvalidOption, RenderError

SMALL = {"width": 96, "height": 72, "samples": 1}
RED = {"surfaces": {"Pole": {"colour": [0.8, 0.0, 0.0]}}}


@pytest.fixture
def tiles(tmp_path):
    """A file with two columns of tiles, black and white."""
    path = tmp_path / "tiles.png"
    Image.fromarray(np.repeat(np.uint8([[[0] * 3, [255] * 3]]), 8, axis=0).repeat(4, axis=1)).save(path)
    return str(path)


@pytest.fixture
def uniform_hdri(tmp_path):
    """A Radiance file (flat RGBE) in which the sky is (0.5, 0.25, 1) everywhere."""
    path = tmp_path / "sky.hdr"
    red, green, blue, exponent = 128, 64, 255, 128  # value = mantissa / 256 · 2^(exponent - 128)
    pixels = struct.pack("4B", red, green, blue, exponent) * (4 * 2)
    path.write_bytes(b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 2 +X 4\n" + pixels)
    return str(path)


def look(env, appearance, **arguments):
    env.reset(seed=0, options={"appearance": appearance} if appearance is not None else {})
    capture = env.capture(**{**SMALL, "passes": ("rgb_linear", "segmentation"), **arguments})
    return capture.images


def pixels_of(env, images, name):
    number = next(entry.id for entry in env.objects.values() if entry.name == name)
    return images["rgb_linear"][images["segmentation"] == number]


@pytest.mark.parametrize("engine", ["raster", "cycles"])
def test_a_colour_is_seen_and_gone_after_the_next_reset(cartpole, engine):
    before = look(cartpole, None, engine=engine)
    red = pixels_of(cartpole, look(cartpole, RED, engine=engine), "Pole")
    assert np.median(red[:, 0]) > 0.1
    assert np.median(red[:, 2]) < 0.05
    after = look(cartpole, None, engine=engine)
    np.testing.assert_array_equal(before["rgb_linear"], after["rgb_linear"])


def test_only_the_surface_that_was_named_changes(cartpole):
    before, after = look(cartpole, None), look(cartpole, RED)
    pole = next(entry.id for entry in cartpole.objects.values() if entry.name == "Pole")
    elsewhere = before["segmentation"] != pole
    assert not elsewhere.all()
    np.testing.assert_array_equal(before["rgb_linear"][elsewhere], after["rgb_linear"][elsewhere])


@pytest.mark.parametrize("engine", ["raster", "cycles"])
def test_an_image_lies_on_the_ground_in_metres(cartpole, tiles, engine):
    appearance = {
        "surfaces": {"Ground": {"colour_image": tiles, "size": 4.0}},
        "lighting": {"colour": [1.0, 1.0, 1.0], "lights": 0.0},
    }
    images = look(cartpole, appearance, engine=engine, width=320, height=240, samples=4 if engine == "raster" else 16)
    ground = next(entry.id for entry in cartpole.objects.values() if entry.name == "Ground")
    row = images["rgb_linear"][-1, images["segmentation"][-1] == ground, 0]
    borders = np.flatnonzero(np.abs(np.diff(row > 0.5)))
    # In the bottom row the ground is seen from its depth there; tiles are 2 m wide.
    capture = cartpole.capture(passes=("depth",), width=320, height=240)
    pixels = 2.0 * capture.intrinsics[0, 0] / capture.images["depth"][-1, 160]
    assert np.diff(borders) == pytest.approx(pixels, abs=2)


def test_an_hdri_lights_like_the_colour_that_it_holds(cartpole, uniform_hdri):
    options = {"engine": "cycles", "samples": 16}
    by_file = look(cartpole, {"lighting": {"hdri": uniform_hdri, "lights": 0.0}}, **options)
    by_colour = look(cartpole, {"lighting": {"colour": [0.5, 0.25, 1.0], "lights": 0.0}}, **options)
    sky = by_file["rgb_linear"][0, 0]
    assert sky == pytest.approx([0.5, 0.25, 1.0], abs=0.01)
    ground = [pixels_of(cartpole, images, "Ground").mean(axis=0) for images in (by_file, by_colour)]
    np.testing.assert_allclose(ground[0], ground[1], rtol=0.05)


def test_a_physical_sky_is_brighter_towards_its_sun(cartpole):
    def sky(rotation):
        lighting = {"sky": {"sun_elevation": 0.2, "sun_rotation": rotation}, "lights": 0.0}
        return look(cartpole, {"lighting": lighting}, engine="cycles", samples=4)["rgb_linear"][:10].mean()

    brightness = [sky(angle) for angle in np.linspace(0, 2 * np.pi, 4, endpoint=False)]
    assert max(brightness) > 2 * min(brightness)


def test_the_lights_of_the_scene_can_be_dimmed(cartpole):
    full, none = look(cartpole, None), look(cartpole, {"lighting": {"lights": 0.0}})
    half = look(cartpole, {"lighting": {"lights": 0.5}})
    by_sun = [pixels_of(cartpole, images, "Ground").mean(axis=0) for images in (full, half, none)]
    np.testing.assert_allclose(by_sun[0] - by_sun[2], 2 * (by_sun[1] - by_sun[2]), rtol=0.01)


def test_appearances_leave_nothing_behind(make_env, tiles, uniform_hdri):
    env = make_env("tasks:Inventory")
    empty, _ = env.reset()
    for shade in np.linspace(0, 1, 20):
        surface = {"colour": [shade, shade, shade], "roughness_image": tiles}
        env.reset(options={"appearance": {"surfaces": {"Pole": surface}, "lighting": {"hdri": uniform_hdri}}})
        wrong = {"Cart": {"colour_image": tiles}, "Pole": {"colour_image": "/no/such/file.png"}}
        with pytest.raises(AssetError):
            env.reset(options={"appearance": {"surfaces": wrong}})
    np.testing.assert_array_equal(env.reset()[0], empty)


def test_an_environment_can_be_made_with_an_appearance(make_env):
    env = make_env(appearance=RED)
    assert np.median(pixels_of(env, look(env, None), "Pole")[:, 2]) < 0.05


def test_an_appearance_survives_the_spec():
    env = gym.make("BlendCartpole-v0", appearance=RED)
    assert gym.envs.registration.EnvSpec.from_json(env.spec.to_json()).kwargs["appearance"] == RED


@pytest.mark.parametrize("name", ["colour_image", "roughness_image", "metallic_image", "normal_image"])
def test_a_missing_image_is_named_and_the_server_goes_on(cartpole, name):
    cartpole.reset(seed=0)
    pid = cartpole.server_pid
    with pytest.raises(AssetError, match=r"'/no/such/file\.png' does not exist"):
        cartpole.reset(options={"appearance": {"surfaces": {"Pole": {name: "/no/such/file.png"}}}})
    cartpole.step(np.zeros(1, np.float32))
    assert cartpole.server_pid == pid


@pytest.mark.parametrize("where", ["hdri", "colour_image"])
def test_a_damaged_image_is_named_and_changes_nothing(cartpole, tmp_path, where):
    damaged = tmp_path / "damaged.hdr"
    damaged.write_bytes(b"#?RADIANCE\n\x00nonsense")
    before = look(cartpole, None)
    surface = {"surfaces": {"Pole": {"colour": [0, 0, 1], "colour_image": str(damaged)}}}
    appearance = {"lighting": {"hdri": str(damaged)}} if where == "hdri" else surface
    with pytest.raises(AssetError, match=r"damaged\.hdr' cannot be read by Blender"):
        cartpole.reset(options={"appearance": appearance})
    np.testing.assert_array_equal(before["rgb_linear"], look(cartpole, None)["rgb_linear"])


@pytest.mark.parametrize(
    ("appearance", "message"),
    [
        ({"surfaces": {"Poll": {"colour": [1, 0, 0]}}}, "no material 'Poll'; it has .*Did you mean 'Pole'"),
        ({"surfaces": {"Pole": {"color": [1, 0, 0]}}}, "unknown field `color`"),
        ({"surfaces": {"Pole": {"colour": [1, 0]}}}, "length 3"),
        ({"surfaces": {"Pole": {"roughness": 1.5}}}, "<= 1"),
        ({"lighting": {"colour": [1, 1, 1], "sky": {}}}, "at most one of"),
        ({"lighting": {"strength": -1}}, ">= 0"),
        ("red", "Expected `object`, got `str`"),
    ],
)
def test_an_appearance_that_makes_no_sense_is_refused_with_the_place(cartpole, appearance, message):
    with pytest.raises(InvalidOption, match=message):
        cartpole.reset(options={"appearance": appearance})


def test_an_engine_that_cannot_show_a_sky_is_refused_at_construction(make_env):
    with pytest.raises(RenderError, match="'raster' cannot show an HDRI or a physical sky; that needs eevee or cycles"):
        make_env(obs_type="rgb", appearance={"lighting": {"sky": {}}})
