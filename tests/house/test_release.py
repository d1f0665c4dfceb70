"""What a release says of itself is said once, or agrees."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blendgym.version import __version__

ROOT = Path(__file__).parents[2]
GRAPHICS = {"libgl1", "libegl1", "libxkbcommon0"}


def text_of(name):
    return (ROOT / name).read_text()


def test_the_citation_is_of_this_version():
    fields = dict(re.findall(r"^([\w-]+): (.+)$", text_of("CITATION.cff"), re.MULTILINE))
    assert fields["cff-version"] == "1.2.0"
    assert (fields["title"], fields["version"], fields["license"]) == ("blendgym", __version__, "Apache-2.0")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", fields["date-released"])


def libraries_in(name):
    return set(re.findall(r"\blib[a-z0-9-]+\d\b|\blib[a-z0-9]+-mesa-dri\b", text_of(name)))


@pytest.mark.parametrize("name", ["Dockerfile", ".ci/run", "docs/installation.md"])
def test_the_system_libraries_are_those_of_the_front_page(name):
    needed = libraries_in("README.md")
    assert needed > GRAPHICS
    assert libraries_in(name) == needed


def test_every_version_of_python_that_is_tested_is_declared():
    declared = set(re.findall(r"Python :: (3\.\d+)", text_of("setup.cfg")))
    assert declared == set(re.findall(r"Python (3\.\d+) \(Blender", text_of("README.md")))
