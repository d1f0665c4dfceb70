"""Orthographic cameras and fisheyes: images, matrices and boxes by the closed form of each, from Blender's numbers."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from analytic.known import EYE, EYE_FAR, STILL_LIFE, Block
from analytic.projected import FISHEYES, ORTHOGRAPHIC, POLYNOMIAL
from analytic.rays import Rays, corners, look
from annotations import ANNOTATIONS
from engines import EACH_ENGINE

from blendgym.client.env import BlendEnv
from blendgym.errors import RenderError
from blendgym.images.engines import ENGINES
from blendgym.images.pictures.boxes import boxes_picture

WIDTH, HEIGHT = 320, 240
LENSES = [name for name in FISHEYES if name != "Mirror"]
CLOSE = 1e-4  # relative
ROTATION = EYE.world_to_camera[:3, :3]
MILLIMETRES = 36.0 / WIDTH
"""Of a pixel on the sensor of a camera with Blender's own."""


@pytest.fixture(scope="module")
def env():
    made = BlendEnv("analytic.tasks:Projected")
    made.reset(seed=0)
    yield made
    made.close()


@pytest.fixture(scope="module")
def through(env):
    """What is seen through a fisheye, by its name."""

    @cache
    def capture(name):
        passes = [each for each in ANNOTATIONS if name != "Wide" or each != "depth"]
        return env.capture(name, passes, WIDTH, HEIGHT, "cycles", visibility=True)

    return capture


def _centred() -> tuple[np.ndarray, np.ndarray]:
    """Centres of pixels, from the middle of the image."""
    row, column = np.mgrid[:HEIGHT, :WIDTH]
    return column + 0.5 - WIDTH / 2, row + 0.5 - HEIGHT / 2


def orthographic_rays(name: str) -> Rays:
    """Parallel ones, by Blender's orthographic scale: metres along the side that fits."""
    lens, (x, y) = ORTHOGRAPHIC[name.replace("Scaled p", "P")], _centred()
    fitted = HEIGHT if lens.get("sensor_fit") == "VERTICAL" else WIDTH
    right = (x / fitted + lens.get("shift_x", 0.0)) * lens["ortho_scale"]
    down = (y / fitted - lens.get("shift_y", 0.0)) * lens["ortho_scale"]
    origins = np.stack([right, down, np.zeros_like(right)], axis=-1) @ ROTATION + EYE.location
    return Rays(origins, np.broadcast_to(ROTATION[2], origins.shape), ROTATION)


def fisheye_rays(name: str) -> Rays:
    """Unit vectors, by the equation of the lens between radius and angle; NaN outside of its cone."""
    lens, (x, y) = FISHEYES[name], _centred()
    x, y = x + lens.get("shift_x", 0.0) * WIDTH, y - lens.get("shift_y", 0.0) * HEIGHT
    if name in ("Equidistant", "Wide"):
        x, y = x / (WIDTH / 2), y / (HEIGHT / 2)  # Blender stretches the circle to the image.
        angle = np.hypot(x, y) * lens["fisheye_fov"] / 2
    else:
        x, y = x * MILLIMETRES, y * MILLIMETRES
        radius = np.hypot(x, y)
        if name == "Equisolid":
            angle = 2 * np.arcsin(np.minimum(radius / (2 * lens["fisheye_lens"]), 1.0))
        else:
            angle = -np.polyval(POLYNOMIAL[::-1], radius)
    angle = np.where(angle <= lens["fisheye_fov"] / 2, angle, np.nan)
    turn = np.arctan2(y, x)
    seen = np.stack([np.sin(angle) * np.cos(turn), np.sin(angle) * np.sin(turn), np.cos(angle)], axis=-1)
    return Rays(np.array(EYE.location), seen @ ROTATION, ROTATION)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", [*ORTHOGRAPHIC, "Scaled plan"])
def test_an_orthographic_camera_sees_what_parallel_rays_hit(env, engine, name):
    capture = env.capture(name, ANNOTATIONS, WIDTH, HEIGHT, engine)
    require_seen(env, capture, orthographic_rays(name))
    np.testing.assert_array_equal(capture.images["distance"], capture.images["depth"])


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_colours_and_annotations_of_an_orthographic_camera_show_the_same(env, engine):
    images = env.capture("Shifted plan", ("rgb", "segmentation"), WIDTH, HEIGHT, engine).images
    seen, grey = images["segmentation"] > 0, images["rgb"].mean(axis=2)
    background = np.median(grey[~seen])
    outlines = (np.abs(grey - background) > 6)[~seen].mean(), (np.abs(grey - background) > 6)[seen].mean()
    assert outlines[0] < 0.02, "nothing is seen in the background"
    assert outlines[1] > 0.5


@pytest.mark.parametrize("name", LENSES)
def test_a_fisheye_sees_what_the_rays_of_its_equation_hit(env, through, name):
    capture = through(name)
    rays = fisheye_rays(name)
    require_seen(env, capture, rays)
    blind = np.isnan(rays.steps[..., 0])
    assert (capture.images["segmentation"][blind] == 0).all()
    assert (capture.images["distance"][blind] == EYE_FAR).all()


def require_seen(env, capture, rays):
    """Holds annotations to what rays hit, away from silhouettes and edges."""
    with np.errstate(invalid="ignore"):
        sight = look(rays, STILL_LIFE.values())
    hit = sight.smooth & (sight.which >= 0) & np.isfinite(sight.depth)
    nothing = sight.smooth & (sight.which < 0)
    assert hit.sum() > 400
    ids = {entry.name: number for number, entry in env.objects.items()}
    expected = np.array([*(ids[name] for name in STILL_LIFE), 0])[sight.which]
    images = capture.images
    np.testing.assert_array_equal(images["segmentation"][hit | nothing], expected[hit | nothing])
    np.testing.assert_allclose(images["distance"][hit], sight.depth[hit], rtol=CLOSE)
    if "depth" in images:
        along = sight.depth * (rays.steps @ ROTATION.T)[..., 2]
        np.testing.assert_allclose(images["depth"][hit], along[hit], rtol=CLOSE)
        assert (images["depth"][nothing] == EYE_FAR).all()
    agreement = (images["normals"] * sight.normals).sum(axis=2)[hit]
    assert agreement.min() > math.cos(math.radians(0.1))


@pytest.mark.parametrize("name", ORTHOGRAPHIC)
def test_points_along_parallel_rays_project_back_to_their_pixels(env, name):
    require_projected_back(env.capture(name, ("segmentation",), WIDTH, HEIGHT, "cycles"), orthographic_rays(name))


@pytest.mark.parametrize("name", LENSES)
def test_points_along_the_rays_of_a_fisheye_project_back_to_their_pixels(through, name):
    require_projected_back(through(name), fisheye_rays(name))


def require_projected_back(capture, rays):
    row, column = np.mgrid[:HEIGHT, :WIDTH]
    seen = np.isfinite(rays.steps[..., 0])
    pixels = capture.project(rays.origin + 3.7 * rays.steps)
    np.testing.assert_allclose(pixels[seen], np.stack([column, row], axis=-1)[seen], atol=2e-4)
    assert np.isnan(pixels[~seen]).all()


def test_the_matrix_of_an_orthographic_camera_has_pixels_per_metre(env):
    capture = env.capture("Plan", width=WIDTH, height=HEIGHT)
    assert capture.projection.kind == "orthographic"
    expected = [[WIDTH / 9.0, 0.0, WIDTH / 2 - 0.5], [0.0, WIDTH / 9.0, HEIGHT / 2 - 0.5], [0.0, 0.0, 1.0]]
    np.testing.assert_allclose(capture.intrinsics, expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_orthographic_camera_takes_another_matrix(env, engine):
    matrix = np.array([[40.0, 0.0, 120.0], [0.0, 50.0, 110.0], [0.0, 0.0, 1.0]])
    capture = env.capture("Plan", ("segmentation",), WIDTH, HEIGHT, engine, intrinsics=matrix)
    np.testing.assert_array_equal(capture.intrinsics, matrix)
    (ball,) = (seen for seen in capture.objects if seen.name == "Ball")
    x, y, _ = ROTATION @ (np.array(STILL_LIFE["Ball"].place.location) - EYE.location)
    expected = 40 * x + 120.5 - 48, 50 * y + 110.5 - 60, 40 * x + 120.5 + 48, 50 * y + 110.5 + 60
    np.testing.assert_allclose(ball.amodal_box, expected, atol=0.05)
    np.testing.assert_allclose(ball.box, expected, atol=1.01)


def test_boxes_of_an_orthographic_camera_are_those_of_the_projected_corners(env):
    capture = env.capture("Plan", ("segmentation",), WIDTH, HEIGHT)
    for seen in capture.objects:
        solid = STILL_LIFE.get(seen.name)
        if isinstance(solid, Block):
            x, y, _ = ((corners(solid) - EYE.location) @ ROTATION.T).T
            u, v = x * WIDTH / 9 + WIDTH / 2, y * WIDTH / 9 + HEIGHT / 2
            np.testing.assert_allclose(seen.amodal_box, (u.min(), v.min(), u.max(), v.max()), atol=1e-3)
            outside = np.prod(np.clip([WIDTH - max(u.min(), 0), HEIGHT], 0, None)) < np.ptp(u) * np.ptp(v)
            assert (seen.truncation > 0) == (outside or min(u.min(), v.min()) < 0 or v.max() > HEIGHT)


@pytest.mark.parametrize("name", LENSES)
def test_a_box_seen_by_a_fisheye_is_around_its_pixels_and_the_whole_around_the_box(through, name):
    crate = next(seen for seen in through(name).objects if seen.name == "Crate")
    assert crate.visibility == 1.0
    np.testing.assert_allclose(crate.box, crate.amodal_box, atol=1.01)


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_a_fisheye_gives_annotations_with_every_engine(env, through, engine):
    found = env.capture("Equisolid", ("segmentation",), WIDTH, HEIGHT, engine).images["segmentation"]
    np.testing.assert_array_equal(found, through("Equisolid").images["segmentation"])


def test_a_fisheye_gives_annotations_where_cycles_has_rendered_nothing_yet(through, make_env):
    fresh = make_env("analytic.tasks:Projected")
    fresh.reset(seed=0)
    found = fresh.capture("Equisolid", ("segmentation",), WIDTH, HEIGHT, "raster").images["segmentation"]
    np.testing.assert_array_equal(found, through("Equisolid").images["segmentation"])


def test_a_fisheye_says_which_engine_gives_colours(env):
    with pytest.raises(RenderError, match="is a fisheye, whose colours need cycles"):
        env.capture("Equisolid", ("rgb",), WIDTH, HEIGHT, "raster")


@pytest.mark.parametrize(
    ("camera", "arguments", "message"),
    [
        ("Mirror", {}, "type MIRRORBALL has no camera matrix. Perspective, orthographic and fisheye cameras"),
        ("Equisolid", {"intrinsics": np.eye(3)}, "takes no other intrinsics; set its lens in Blender"),
        ("Wide", {"passes": ("depth",)}, "sees 220°, and beyond 180° depth along the axis is negative"),
    ],
)
def test_what_a_camera_cannot_give_is_an_error_that_says_what_can(env, camera, arguments, message):
    with pytest.raises(RenderError, match=message):
        env.capture(camera, **{"passes": ("segmentation",), "engine": "cycles", **arguments})


def test_boxes_are_drawn_through_a_fisheye(env):
    capture = env.capture("Equidistant", ("rgb", "segmentation"), 640, 480, "cycles")
    assert boxes_picture(capture).image.size == (640, 480)
