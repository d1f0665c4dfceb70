"""What a lamp's own settings do to its light: the rasterizer shows what Cycles shows, or an error names the lamp."""

from __future__ import annotations

import numpy as np
import pytest
from pictures.taking import taken_by


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """The floor under a lamp with each setting, by engine."""
    return taken_by("lights", tmp_path_factory.mktemp("pictures"))


@pytest.mark.parametrize("setting", ["plain", "nodes", "temperature"])
def test_the_rasterizer_shows_the_light_that_cycles_shows(pictures, setting):
    seen = pictures[f"{setting} raster"]
    assert seen.max() > 0.5
    np.testing.assert_allclose(seen, pictures[f"{setting} cycles"], rtol=0.01, atol=1e-3)


@pytest.mark.parametrize("setting", ["nodes", "temperature"])
def test_the_setting_is_seen(pictures, setting):
    assert np.abs(pictures[f"{setting} raster"] - pictures["plain raster"]).max() > 0.1


@pytest.mark.parametrize(("setting", "words"), [("noise", "Noise Texture"), ("linked", "some objects only")])
def test_a_light_that_the_rasterizer_cannot_show_is_named(pictures, setting, words):
    message = str(pictures[f"{setting} raster"])
    assert "Light 'Lamp'" in message
    assert words in message


def test_a_lamp_that_rides_on_a_body_shines_from_where_it_is(make_env):
    env = make_env("pictures.tasks:RidingLamp")
    env.reset(seed=0)
    wanted = {"passes": ("rgb_linear",), "width": 32, "height": 32}
    before = env.capture(**wanted, engine="raster").images["rgb_linear"]
    for _ in range(5):
        env.step(env.action_space.low)
    seen, expected = (
        env.capture(**wanted, **engine).images["rgb_linear"]
        for engine in ({"engine": "raster"}, {"engine": "cycles", "samples": 1})
    )
    np.testing.assert_allclose(seen, expected, rtol=0.01, atol=1e-3)
    assert seen.max() > 2.0 * before.max(), "it has come near"
