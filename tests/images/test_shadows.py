"""Shadows of suns and spots in the rasterizer, against their closed forms and against Cycles."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pictures.taking import taken_by

from blendgym.errors import RenderError
from blendgym.images.views import make_shown_view, make_view

# As in pictures/shadows.py, which needs bpy.
SIDE, WIDTH = 128, 8.0  # pixels and m
SLANT = math.radians(50.0)
RIGHT, FRONT, TOP = 0.5, 0.3, 1.25  # m: where the block ends in x, in y, and in z
HEIGHT = 1.0  # m: of the middle of the block
SPOT = (-0.8, 0.4, 4.0)  # m
ACROSS = (np.arange(SIDE) + 0.5 - SIDE / 2) * WIDTH / SIDE  # m: x of columns, -y of rows
PIXEL = WIDTH / SIDE  # m


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """The floor under the block with each setting: with shadow maps (raster), without (plain), and by Cycles."""
    return taken_by("shadows", tmp_path_factory.mktemp("pictures"))


def dark(picture):
    """Where a shadow is: x and y of its pixels, in m, at most 2 m from the block."""
    rows, columns = np.nonzero((picture < 0.01 * picture.max()) & (np.hypot(ACROSS, ACROSS[:, None]) < 2.2))
    return ACROSS[columns], -ACROSS[rows]


@pytest.mark.parametrize(("setting", "slant"), [("sun", SLANT), ("moved", SLANT / 2)])
def test_the_shadow_in_sunlight_ends_where_the_suns_height_says(pictures, setting, slant):
    x, y = dark(pictures[f"{setting} raster"])
    assert x.max() == pytest.approx(RIGHT + TOP * math.tan(slant), abs=PIXEL)
    assert x.min() == pytest.approx(RIGHT, abs=PIXEL), "it begins under the block"
    assert (y.min(), y.max()) == pytest.approx((-FRONT, FRONT), abs=PIXEL)


def test_the_shadow_in_the_light_of_a_spot_ends_on_lines_from_the_spot(pictures):
    x, y = dark(pictures["spot raster"])
    widening = SPOT[2] / (SPOT[2] - TOP)
    assert x.max() == pytest.approx(SPOT[0] + (RIGHT - SPOT[0]) * widening, abs=PIXEL)
    assert y.min() == pytest.approx(SPOT[1] + (-FRONT - SPOT[1]) * widening, abs=PIXEL)


@pytest.mark.parametrize("setting", ["sun", "spot", "outside", "far", "off", "let through"])
def test_all_but_a_few_pixels_are_those_of_cycles(pictures, setting):
    seen, expected = pictures[f"{setting} raster"], pictures[f"{setting} cycles"]
    assert np.mean(np.abs(seen - expected) > 0.02 * expected.max()) < 0.001


@pytest.mark.parametrize("setting", ["off", "let through", "see through"])
def test_nothing_darkens_that_casts_no_shadow(pictures, setting):
    np.testing.assert_array_equal(pictures[f"{setting} raster"], pictures[f"{setting} plain"])


def test_what_is_beside_the_picture_casts_its_shadow_into_it(pictures):
    seen = pictures["outside raster"]
    middle = SIDE // 2 - round(2.0 / PIXEL), SIDE // 2 + round(HEIGHT * math.tan(SLANT) / PIXEL)
    assert seen[middle] == 0.0
    assert pictures["sun raster"][middle] > 0.0


def test_there_are_shadows_only_where_they_are_asked_for(pictures):
    assert not len(dark(pictures["sun plain"])[0])
    wanted = {"camera": "Eye", "width": 8, "height": 8}
    assert not make_view(**wanted).shadow_maps
    assert make_shown_view(**wanted).shadow_maps
    assert not make_shown_view(**wanted, shadow_maps=False).shadow_maps
    assert not make_shown_view(**wanted, engine="cycles").shadow_maps, "it has shadows of its own"
    with pytest.raises(RenderError, match="'cycles' has no shadow_maps; that needs raster"):
        make_view(**wanted, engine="cycles", shadow_maps=True)


def test_more_shadows_than_there_can_be_maps_are_refused(pictures):
    assert "at most 8 suns and spots, the scene has 9" in str(pictures["many raster"])
