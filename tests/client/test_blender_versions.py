"""Other versions of Blender do the same as the default one. ``make test-versions`` installs them and runs this.

``BLENDGYM_TEST_BLENDERS`` names them: Blender executables, or Pythons that have bpy, separated as in ``PATH``.
"""

from __future__ import annotations

import contextlib
import functools
import os

import numpy as np
import psutil
import pytest
from PIL import Image
from places import CARTPOLE
from shared import shared_env

from blendgym.client.env import BlendEnv
from blendgym.images.engines import ENGINES
from blendgym.images.passes import PASSES
from blendgym.vector.vector_env import BlendVectorEnv

PROGRAMS = list(filter(None, os.environ.get("BLENDGYM_TEST_BLENDERS", "").split(os.pathsep)))
SUPPORTED = ("5.0", "5.2")
UNSUPPORTED = "of any other line"

SMALL = {"width": 64, "height": 48, "samples": 1}
STEPS = 100
PARAMETERS = {
    "nominal": {},
    "a long pole": {"pole.length": 2.3},
    "everything": {
        "cart.mass": 0.6, "pole.mass": 0.2, "pole.length": 1.7, "force.scale": 12.0, "gravity": 12.0,
        "track.damping": 0.4, "hinge.damping": 0.001,
    },
}  # fmt: skip
BALANCING = np.array([0.1, 0.2, 3.0, 0.6])
"""Shares of the full force for each metre, m/s, rad and rad/s that the cart-pole is off."""
TILES = ((200, 30, 30), (30, 30, 200))  # 8-bit sRGB, red and blue
QUARTERS = ((1.0, 0.25, 0.25), (0.25, 1.0, 0.25), (0.25, 0.25, 1.0), (1.0, 1.0, 0.25))  # linear RGB


default = shared_env(CARTPOLE)


@pytest.fixture(scope="module")
def started():
    """An environment in each of the other Blenders, with the program and the version's first two numbers."""
    with contextlib.ExitStack() as stack:
        envs = [stack.enter_context(contextlib.closing(BlendEnv(CARTPOLE, blender=program))) for program in PROGRAMS]
        lines = [".".join(env.welcome.blender.split(".")[:2]) for env in envs]
        yield list(zip(lines, PROGRAMS, envs, strict=True))


def choose(started, wanted):
    """The first program of a supported line, or the first that is none of those."""
    firsts = {}
    for line, program, env in started:
        name = line if line in SUPPORTED and line not in firsts else UNSUPPORTED
        firsts.setdefault(name, (program, env))
    if wanted not in firsts:
        pytest.skip(
            f"NOT TESTED: BLENDGYM_TEST_BLENDERS names no Blender that is {wanted}. `make test-versions` installs the "
            "supported versions, and takes an executable `blender` on the PATH along."
        )
    return firsts[wanted]


@pytest.fixture(params=[*SUPPORTED, UNSUPPORTED])
def program(request, started):
    return choose(started, request.param)[0]


@pytest.fixture(params=[*SUPPORTED, UNSUPPORTED])
def other(request, started):
    return choose(started, request.param)[1]


@pytest.fixture(params=SUPPORTED)
def supported(request, started):
    return choose(started, request.param)[1]


@pytest.fixture(params=SUPPORTED)
def supported_program(request, started):
    return choose(started, request.param)[0]


@pytest.fixture
def unsupported(started):
    return choose(started, UNSUPPORTED)[1]


@pytest.fixture
def tiles(tmp_path):
    """A file with two columns, red and blue."""
    path = tmp_path / "tiles.png"
    Image.fromarray(np.uint8([[TILES[0]] * 4 + [TILES[1]] * 4] * 8)).save(path)
    return str(path)


@pytest.fixture
def quarters(tmp_path):
    """A Radiance file (flat RGBE) in which every quarter of the horizon has a colour of its own."""
    path = tmp_path / "quarters.hdr"
    colours = np.repeat(np.array(QUARTERS), 16, axis=0)
    pixels = np.column_stack([np.minimum(256 * colours, 255), np.full(len(colours), 128)]).astype(np.uint8)
    path.write_bytes(b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 32 +X 64\n" + pixels.tobytes() * 32)
    return str(path)


def trajectory(env, parameters):
    """Observations while the pole is balanced under a disturbance, and the parameters in effect."""
    observation, info = env.reset(seed=0, options={"params": parameters})
    observations = [observation]
    for disturbance in np.random.default_rng(0).uniform(-0.5, 0.5, STEPS):
        share = np.clip(BALANCING @ observations[-1] + disturbance, -1, 1)
        observation, _, fallen, _, _ = env.step(np.array([share], np.float32))
        assert not fallen
        observations.append(observation)
    return np.array(observations), info["params"]


def capture(env, look=None, **arguments):
    """A picture of a state in which the pole leans, so that no edge is parallel to the image."""
    env.reset(seed=0, options={"params": {"pole.length": 2.0}, "appearance": look or {}})
    for _ in range(10):
        env.step(np.ones(1, np.float32))
    return env.capture(**{**SMALL, **arguments})


def facing(x, y):
    """The pose of a camera 6 m above the ground, with level view in a direction."""
    forward, down = np.array([x, y, 0.0]), np.array([0.0, 0.0, -1.0])
    rotation = np.array([np.cross(down, forward), down, forward])
    return np.block([[rotation, -rotation @ [[0.0], [0.0], [6.0]]], [np.zeros((1, 3)), np.ones((1, 1))]])


def test_every_slot_of_a_server_has_the_episodes_of_one_alone(program):
    """In nothing but the slots may two servers of one version differ, in state and in pixels."""
    arguments = {"obs_type": "state_rgb", "width": 24, "height": 16, "blender": program}
    envs, alone = BlendVectorEnv(CARTPOLE, 3, **arguments), BlendEnv(CARTPOLE, **arguments)
    with contextlib.closing(envs), contextlib.closing(alone):
        for _ in range(2):
            together = [
                envs.reset(seed=[1, 2, 2])[0],
                *(envs.step(np.full((3, 1), 0.5, np.float32))[0] for _ in range(8)),
            ]
            single = [alone.reset(seed=2)[0], *(alone.step(np.full(1, 0.5, np.float32))[0] for _ in range(8))]
            for observations, observation in zip(together, single, strict=True):
                for part in observation:
                    np.testing.assert_array_equal(observations[part][1], observation[part])
                    np.testing.assert_array_equal(observations[part][2], observation[part])


@pytest.mark.parametrize("parameters", PARAMETERS.values(), ids=PARAMETERS)
def test_a_supported_version_moves_the_cart_pole_bit_for_bit_as_the_default_one(default, supported, parameters):
    expected, expected_parameters = trajectory(default, parameters)
    actual, actual_parameters = trajectory(supported, parameters)
    assert np.ptp(expected, axis=0).min() > 0.05, "it has moved"
    np.testing.assert_array_equal(actual, expected)
    # The temperature of a light is computed from its colour, in another version of NumPy.
    assert actual_parameters == pytest.approx(expected_parameters, rel=1e-12)


@pytest.mark.parametrize("parameters", PARAMETERS.values(), ids=PARAMETERS)
def test_an_unsupported_version_moves_the_cart_pole_alike(default, unsupported, parameters):
    # Blender 3.4 rounds quaternions of matrices another way.
    expected, actual = (trajectory(env, parameters)[0] for env in (default, unsupported))
    np.testing.assert_allclose(actual, expected, atol=1e-4)


@pytest.mark.timeout(300)  # The first image of EEVEE takes up to a minute on a busy machine without a GPU.
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_every_pass_that_it_claims(default, other, engine):
    images = capture(other, engine=engine, passes=ENGINES[engine].passes).images
    assert set(images) == set(ENGINES[engine].passes)
    for name, image in images.items():
        assert image.shape == PASSES[name].shape(SMALL["width"], SMALL["height"])
        assert image.dtype == PASSES[name].dtype
        assert np.isfinite(image).all()
        assert np.ptp(image) > 0
    known = capture(default, passes=("rgb_linear", "segmentation")).images
    np.testing.assert_array_equal(images["segmentation"], known["segmentation"])
    if "rgb_linear" in images:
        sky = known["segmentation"] == 0
        expected, actual = (np.median(each["rgb_linear"][sky], axis=0) for each in (known, images))
        np.testing.assert_allclose(actual, expected, atol=0.002)


@pytest.mark.parametrize("engine", ["raster", "cycles"])
def test_annotations_are_those_of_the_default_version(default, other, engine):
    passes = ("depth", "distance", "normals", "segmentation")
    expected, actual = (capture(env, engine=engine, passes=passes).images for env in (default, other))
    np.testing.assert_array_equal(actual["segmentation"], expected["segmentation"])
    np.testing.assert_allclose(actual["depth"], expected["depth"], rtol=1e-4)
    np.testing.assert_allclose(actual["distance"], expected["distance"], rtol=1e-4)
    np.testing.assert_allclose(actual["normals"], expected["normals"], atol=1e-4)


def test_colours_of_the_rasteriser_are_those_of_the_default_version(default, other, tiles):
    for look in ({}, {"surfaces": {"Ground": {"colour_image": tiles, "size": 2.0}}}):
        expected, actual = (capture(env, look, samples=4).images["rgb"].astype(int) for env in (default, other))
        assert np.abs(actual - expected).max() <= 1


@pytest.mark.parametrize("engine", ["workbench", "cycles"])
def test_a_supported_version_shows_the_colours_of_the_default_one(default, supported, engine):
    expected, actual = (capture(env, engine=engine).images["rgb"].astype(int) for env in (default, supported))
    # Edges may fall to either side and samples may be others; light and materials are not.
    assert np.median(np.abs(actual - expected)) <= 1
    assert np.abs(actual.mean((0, 1)) - expected.mean((0, 1))).max() <= 2


def test_objects_in_sight_are_those_of_the_default_version(default, other):
    expected, actual = (capture(env, passes=("segmentation",)) for env in (default, other))
    assert len(expected.objects) >= 4
    for one, another in zip(expected.objects, actual.objects, strict=True):
        for name in ("id", "name", "category", "pixels", "visibility", "box"):
            assert getattr(one, name) == getattr(another, name)
        np.testing.assert_allclose(another.amodal_box, one.amodal_box, atol=1e-3)
        np.testing.assert_allclose(another.corners, one.corners, atol=1e-5)
    np.testing.assert_allclose(actual.intrinsics, expected.intrinsics, rtol=1e-6)
    np.testing.assert_allclose(actual.world_to_camera, expected.world_to_camera, atol=1e-6)


def test_a_physical_sky_is_brighter_around_the_sun(other):
    look = {"lighting": {"sky": {"sun_elevation": 0.5, "sun_rotation": 0.5}, "lights": 0}}
    towards = np.sin(0.5), np.cos(0.5)  # Blender turns the sun clockwise, from +y.
    near, far = (
        capture(other, look, engine="cycles", passes=("rgb_linear",), world_to_camera=facing(*direction)).images
        for direction in (towards, np.negative(towards))
    )
    assert near["rgb_linear"][:12].mean() > 1.3 * far["rgb_linear"][:12].mean() > 0


@pytest.mark.timeout(300)
def test_an_hdri_is_seen_where_it_belongs(other, quarters):
    look = {"lighting": {"hdri": quarters, "rotation": np.pi / 2, "lights": 0}}
    sky = capture(other, look, engine="cycles", passes=("rgb_linear",)).images["rgb_linear"][2]
    # The camera looks along +y, where the first quarter of the image ends; the rotation brings its beginning there.
    np.testing.assert_allclose(sky[16], QUARTERS[3], atol=0.01)
    np.testing.assert_allclose(sky[48], QUARTERS[0], atol=0.01)


def test_an_image_is_seen_on_its_surface(other, tiles):
    look = {"surfaces": {"Ground": {"colour_image": tiles, "size": 2.0}}}
    seen = capture(other, look, engine="cycles", passes=("rgb_linear", "segmentation"))
    (ground,) = (each.id for each in seen.objects if each.name == "Ground")
    red, _, blue = seen.images["rgb_linear"][seen.images["segmentation"] == ground].T
    assert np.mean(red > 2 * blue) > 0.2
    assert np.mean(blue > 2 * red) > 0.2


@pytest.mark.parametrize("task", ["zoo.tasks:Fall", "steered:Steered", "heaps.task:Heap"])
def test_bodies_that_are_thrown_driven_and_laid_out_move_as_in_the_default_version(supported_program, task):
    """A free body with a velocity, a servo against a torque, and an episode with a layout of its own."""
    expected, actual = (moved(task, blender) for blender in (None, supported_program))
    assert np.ptp(expected, axis=0).max() > 0.3, "they have moved"
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-12)  # Another NumPy rounds velocities another way.


@functools.cache
def moved(task, blender):
    """Observations of an episode of half a second or more."""
    with contextlib.closing(BlendEnv(task, blender=blender)) as env:
        return np.array([env.reset(seed=5)[0], *(env.step(np.full(1, -0.4, np.float32))[0] for _ in range(30))])


@pytest.mark.parametrize(
    ("task", "camera"),
    [
        ("sights.tasks:Scattered", None),
        ("pictures.tasks:Calculated", None),
        ("analytic.tasks:Projected", "Shifted plan"),
    ],
)
def test_instances_calculated_colours_and_parallel_views_are_seen_as_in_the_default_version(
    supported_program, task, camera
):
    expected, actual = (seen_by(task, camera, blender) for blender in (None, supported_program))
    assert len(expected.objects) >= 3
    assert [each.name for each in actual.objects] == [each.name for each in expected.objects]
    np.testing.assert_allclose(actual.intrinsics, expected.intrinsics, rtol=1e-6)
    np.testing.assert_array_equal(actual.images["segmentation"], expected.images["segmentation"])
    np.testing.assert_allclose(actual.images["depth"], expected.images["depth"], rtol=1e-4)
    np.testing.assert_allclose(actual.images["rgb_linear"], expected.images["rgb_linear"], atol=0.003)


@functools.cache
def seen_by(task, camera, blender):
    """What the rasteriser shows of an episode."""
    with contextlib.closing(BlendEnv(task, blender=blender)) as env:
        env.reset(seed=3)
        return env.capture(camera, ("rgb_linear", "segmentation", "depth"), 64, 48, "raster")


def test_closing_leaves_no_process(program):
    env = BlendEnv(CARTPOLE, blender=program)
    env.reset(seed=0)
    started = [psutil.Process(env.server_pid), *psutil.Process(env.server_pid).children(recursive=True)]
    env.close()
    assert not any(process.is_running() for process in started)
