"""What a page says is what a recording holds; names in it are text, whatever they contain."""

from __future__ import annotations

import base64
import io
import json
import re
from html.parser import HTMLParser

import hypothesis.strategies as st
import msgspec
import numpy as np
import pytest
from command_line import blendgym
from hypothesis import given, settings
from PIL import Image
from recorded import LABELS, NUMBERS, TEXTS, simple_sample

from blendgym.data.pages import Catalogue, page_of
from blendgym.data.pages.descriptions import description_of
from blendgym.data.pages.document import served_page
from blendgym.data.pages.drawings import drawing_of, masks_of
from blendgym.data.recording import Recording, Replay
from blendgym.errors import InvalidOption
from blendgym.images.pictures.layout import colour_of

EVIL = "</script><script>alert(1)</script>&\"'<!--"
VOID = {"meta", "link", "img", "br", "hr", "input"}


class Page(HTMLParser):
    """The elements of a page, and what is in its scripts; fails if they are not closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.scripts, self.policy = [], [], [], ""
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if dict(attributes).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attributes)["content"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] == ["script"]:
            self.scripts.append(data)


def opened(uri):
    """The picture of a data URI."""
    return np.array(Image.open(io.BytesIO(base64.b64decode(uri.removeprefix("data:image/png;base64,")))))


def embedded(text):
    return json.loads(Page(text).scripts[0])


def test_the_page_is_whole_and_runs_its_own_program_alone():
    page = Page(served_page("run"))
    assert page.tags.count("script") == 2
    assert page.tags.count("html") == page.tags.count("body") == page.tags.count("title") == 1
    assert "default-src 'none'" in page.policy
    assert re.search(r"script-src 'sha256-[\w+/]{43}='", page.policy)
    assert not re.search(r"https?://(?!www\.w3\.org/)", served_page("run"))


def test_the_program_never_writes_markup():
    (program,) = Page(served_page("run")).scripts[1:]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", program)


def test_names_are_text_whatever_they_contain(tmp_path):
    sample = simple_sample(0)
    (seen,) = sample.view.objects
    view = msgspec.structs.replace(sample.view, objects=(msgspec.structs.replace(seen, name=EVIL, category=EVIL),))
    folder = tmp_path / "<b>&run"
    with Recording(folder, {"scenario": EVIL}) as recording:
        recording.write(msgspec.structs.replace(sample, parameters={EVIL: 1.0}, views={"": view}))
    text = page_of(Catalogue(folder), [0])
    assert Page(text).tags.count("script") == 2
    assert "<b>" not in text
    content = embedded(text)
    assert content["samples"][0]["views"][0]["objects"][0]["name"] == EVIL
    assert content["samples"][0]["parameters"][0]["name"] == content["recording"]["origin"]["scenario"] == EVIL


def test_a_page_of_its_own_holds_pictures_and_numbers(crates):
    samples = {sample.index: sample for sample in Replay(crates)}
    content = embedded(page_of(Catalogue(crates), [1, 6]))
    assert [each["index"] for each in content["samples"]] == [1, 6]
    for told in content["samples"]:
        sample = samples[told["index"]]
        assert {each["name"]: each["value"] for each in told["parameters"]} == sample.parameters
        assert told["seed"] == str(sample.seed)
        assert [each["name"] for each in told["views"]] == ["near", "far"]
        near, far = told["pictures"]
        assert np.array_equal(opened(near["rgb"]), sample.views["near"].images["rgb"])
        assert set(near) == {"rgb", "segmentation", "depth", "normals", "masks"}
        assert set(far) == {"depth"}


def test_objects_are_told_as_blender_saw_them(crates):
    catalogue = Catalogue(crates)
    for sample in Replay(crates):
        near = description_of(sample, catalogue.declared)["views"][0]
        for told, seen in zip(near["objects"], sample.views["near"].objects, strict=True):
            for name in ("id", "name", "category", "pixels", "visibility", "truncation", "box", "amodal_box"):
                assert told[name] == getattr(seen, name)


def test_parameters_lie_where_their_bounds_say(crates):
    catalogue = Catalogue(crates)
    for sample in Replay(crates):
        told = {each["name"]: each for each in description_of(sample, catalogue.declared)["parameters"]}
        assert told["sun"]["place"] == pytest.approx((sample.parameters["sun"] - 1) / 4)
        assert told["sun"]["nominal"] == 0.5
        assert told["crates"]["place"] == pytest.approx((sample.parameters["crates"] - 1) / 5)


def test_masks_have_the_colours_of_their_objects_and_are_clear_elsewhere(crates):
    capture = Replay(crates)[0].views["near"]
    masks, ids = np.array(masks_of(capture)), capture.images["segmentation"]
    assert (masks[ids == 0, 3] == 0).all()
    for number in set(ids.ravel().tolist()) - {0}:
        assert (masks[ids == number] == (*colour_of(number), 255)).all()


def test_a_picture_that_is_not_there_is_named(crates):
    sample = Replay(crates)[0]
    with pytest.raises(InvalidOption, match="has no view 2; it has 2"):
        drawing_of(sample, 2, "rgb")
    with pytest.raises(InvalidOption, match="has no picture 'masks'; it has depth"):
        drawing_of(sample, 1, "masks")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(TEXTS, NUMBERS), st.dictionaries(TEXTS, LABELS))
def test_any_parameters_and_labels_can_be_described(parameters, labels):
    told = description_of(msgspec.structs.replace(simple_sample(0), parameters=parameters, labels=labels), {})
    assert json.loads(msgspec.json.encode(told))["index"] == 0
    assert [each["name"] for each in told["parameters"]] == list(parameters)
    assert [each["name"] for each in told["labels"]] == list(labels)


def test_the_command_writes_a_page_of_samples_from_all_over_the_recording(crates, tmp_path):
    said = blendgym("view", crates, "-o", tmp_path / "made" / "page.html", "--count", 3).stdout
    assert "3 of 8 samples" in said
    content = embedded((tmp_path / "made" / "page.html").read_text())
    assert [each["index"] for each in content["samples"]] == [0, 4, 7]
    assert content["recording"]["samples"] == 8


def test_the_command_says_what_is_wrong(crates, tmp_path):
    for arguments, message in (
        ((tmp_path,), "InvalidRecording"),
        ((crates, "-o", tmp_path / "page.html", "--indices", 99), "There is no sample 99"),
        ((crates, "-o", tmp_path), "--output: '"),
    ):
        done = blendgym("view", *arguments, check=False)
        assert done.returncode in (1, 2)
        assert message in " ".join(done.stderr.replace("│", " ").split())
