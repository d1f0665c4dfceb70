"""Settings that a file carries: in every picture, by every engine, they are what docs/cameras.md says."""

from __future__ import annotations

import re

import numpy as np
import pytest
from pictures.changes import ANNOTATIONS, ENGINES, HONOURED, SETTINGS, SKY
from pictures.taking import taken_by
from places import HELPERS
from srgb import linear

from blendgym.blender.render.settings import NEUTRAL


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A picture of one scene for each setting, engine and pass."""
    return taken_by("settings", tmp_path_factory.mktemp("pictures"))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("setting", [name for name in SETTINGS if name not in HONOURED])
def test_a_setting_that_not_all_engines_know_changes_no_colour(pictures, setting, engine):
    np.testing.assert_array_equal(pictures[f"{setting} {engine} rgb"], pictures[f"nothing {engine} rgb"])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("setting", SETTINGS)
def test_no_setting_changes_an_annotation(pictures, setting, engine):
    for name in ANNOTATIONS:
        seen, expected = pictures[f"{setting} {engine} {name}"], pictures[f"nothing raster {name}"]
        np.testing.assert_allclose(seen, expected, rtol=1e-4, atol=0 if name == "segmentation" else 1e-3)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_stop_of_exposure_doubles_what_is_seen(pictures, engine):
    before, after = (linear(pictures[f"{name} {engine} rgb"]) for name in ("nothing", "exposure"))
    differences = np.abs(after - np.clip(2 * before, 0, 1))
    assert np.quantile(differences, 0.95) < 0.03, "samples at edges are clipped one by one"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_sky_has_the_colour_of_its_background(pictures, engine):
    np.testing.assert_allclose(linear(pictures[f"nothing {engine} rgb"])[0, 0], SKY, atol=0.01)


def test_the_documents_say_what_every_setting_is():
    text = (HELPERS.parent.parent / "docs" / "cameras.md").read_text()
    said = {*re.findall(r"`(\w+)`", text), "look", "view_transform"}
    assert {name for values in NEUTRAL.values() for name in values} <= said
