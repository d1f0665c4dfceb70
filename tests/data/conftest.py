"""A recording that Blender has made, for what reads recordings."""

from __future__ import annotations

import pytest
from scenarios import FALLEN

from blendgym.data.recording import Recording
from blendgym.data.recording.declared import declarations_of
from blendgym.data.streams.stream import Stream

VIEWS = {
    "near": {"passes": ["rgb", "segmentation", "depth", "normals"], "width": 64, "height": 48, "visibility": True},
    "far": {"passes": ["depth"], "width": 32, "height": 24},
}


@pytest.fixture(scope="session")
def crates(tmp_path_factory):
    """Eight samples of crates that have fallen, with two views each; it is not to be written to."""
    folder = tmp_path_factory.mktemp("recordings") / "crates"
    with Stream(FALLEN, seed=3, count=8, views=VIEWS, randomize=["crates", "sun"]) as stream:
        origin = {"scenario": FALLEN, "seed": 3, "parameters": declarations_of(stream.task.parameters)}
        with Recording(folder, origin) as recording:
            for sample in stream:
                recording.write(sample)
    return folder
