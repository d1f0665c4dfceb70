"""Statistics are held to closed forms on samples made by hand, and to what Blender's recordings say themselves."""

from __future__ import annotations

import json
import subprocess
import sys

import hypothesis.strategies as st
import msgspec
import numpy as np
import pytest
from command_line import blendgym
from hypothesis import given
from hypothesis.extra import numpy as arrays
from PIL import Image
from recorded import simple_sample

from blendgym.data.recording import Recording, Replay
from blendgym.data.statistics import Statistics, Tally, statistics_of
from blendgym.data.statistics.duplicates import Duplicates, fingerprint
from blendgym.data.statistics.histograms import GrowingHistogram, HeatMap, Histogram
from blendgym.parameters.priors import LogUniform
from blendgym.parameters.specs import ParameterSpec

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)
MASS = ParameterSpec(name="mass", unit="kg", nominal=1.0, low=0.1, high=10.0, prior=LogUniform())
COUNT = ParameterSpec(name="count", unit="1", nominal=1, low=1, high=4, kind="integer")


def sample_with(index=0, objects=(), rgb=None, **fields):
    """A sample of 32×24 pixels, with objects as (category, box) and with a picture."""
    sample = simple_sample(index)
    (one,) = sample.view.objects
    seen = tuple(
        msgspec.structs.replace(one, category=category, box=box, pixels=0 if box is None else 7)
        for category, box in objects
    )
    images = {**sample.images, **({} if rgb is None else {"rgb": rgb})}
    view = msgspec.structs.replace(sample.view, objects=seen, images=images)
    return msgspec.structs.replace(sample, views={"": view}, **fields)


def counted(*samples, declared=None):
    tally = Tally(declared)
    for sample in samples:
        tally.add(sample)
    return tally.statistics()


@given(VALUES)
def test_a_histogram_between_bounds_is_numpys(values):
    histogram = Histogram(-1e6, 1e6)
    for value in values:
        histogram.add(value)
    told = histogram.distribution()
    assert told.counts == np.histogram(values, 20, (-1e6, 1e6))[0].tolist()
    assert (told.count, told.minimum, told.maximum) == (len(values), min(values), max(values))
    assert told.mean == pytest.approx(np.mean(values), abs=1e-6)


@given(VALUES)
def test_a_growing_histogram_holds_every_value_within_its_edges(values):
    histogram = GrowingHistogram()
    for value in values:
        histogram.add(value)
    told = histogram.distribution()
    assert sum(told.counts) == told.count == len(values)
    assert told.edges[0] <= min(values) <= max(values) <= told.edges[-1]
    exact = np.histogram(values, told.edges)[0]
    assert np.abs(np.cumsum(exact) - np.cumsum(told.counts)).max() <= _near_an_edge(values, told.edges)


def _near_an_edge(values, edges):
    """How many values rounding may put on either side of an edge."""
    width = edges[1] - edges[0]
    return sum(min(abs(value - edge) for edge in edges) <= 1e-6 * max(width, abs(value)) for value in values)


def test_values_that_are_no_numbers_do_not_count():
    histogram = Histogram(0, 1)
    histogram.add([np.nan, 0.5, np.inf])
    assert histogram.distribution().count == 1


@given(
    st.floats(0, 31), st.floats(0, 23), st.floats(0.01, 32), st.floats(0.01, 24),
)  # fmt: skip
def test_each_box_counts_one_in_the_places_that_it_covers(left, top, width, height):
    heat_map = HeatMap(8)
    heat_map.add((left, top, min(left + width, 32), min(top + height, 24)), 32, 24)
    assert heat_map.cells.sum() == pytest.approx(1)
    rows, columns = np.nonzero(heat_map.cells > 1e-12)
    assert columns.min() == int(left / 4)
    assert rows.min() == int(top / 3)


def test_a_box_of_two_cells_counts_a_half_in_each():
    heat_map = HeatMap(4)
    heat_map.add((8, 0, 24, 6), 32, 24)
    expected = np.zeros((4, 4))
    expected[0, 1:3] = 0.5
    assert np.allclose(heat_map.cells, expected)


def test_objects_are_counted_by_category_and_image():
    box = (4.0, 4.0, 12.0, 10.0)
    told = counted(
        sample_with(0, [("Cube", box), ("Cube", box), ("Ball", box)]),
        sample_with(1, [("Cube", box), ("Ball", None)]),
        sample_with(2, []),
    )
    assert {name: (each.objects, each.images) for name, each in told.categories.items()} == {
        "Cube": (3, 2),
        "Ball": (1, 1),
    }
    assert told.instances == {0: 1, 1: 1, 3: 1}
    assert (told.empty.count, told.empty.first) == (1, [2])
    assert told.box_sizes.mean == pytest.approx(np.sqrt(8 * 6 / (32 * 24)))
    assert np.sum(told.positions) == pytest.approx(4)
    assert told.sizes == {"small": 4, "medium": 0, "large": 0}


def test_brightness_and_contrast_are_those_of_luma():
    half = np.zeros((24, 32, 3), np.uint8)
    half[:, 16:] = 255
    told = counted(sample_with(0, rgb=half))
    assert told.brightness.mean == pytest.approx(0.5, abs=1e-6)
    assert told.contrast.mean == pytest.approx(0.5, abs=1e-6)
    green = np.zeros((24, 32, 3), np.uint8)
    green[..., 1] = 255
    told = counted(sample_with(0, rgb=green))
    assert (told.brightness.mean, told.contrast.mean) == pytest.approx((0.7152, 0.0), abs=1e-6)


def test_versions_are_counted():
    told = counted(*(sample_with(index, version=index // 3) for index in range(7)))
    assert told.versions == {0: 3, 1: 3, 2: 1}


def parameter(spec, values):
    (told,) = counted(
        *(sample_with(index, parameters={spec.name: float(value)}) for index, value in enumerate(values)),
        declared={spec.name: spec},
    ).parameters
    return told


def test_values_drawn_from_the_prior_are_near_it_and_others_are_not():
    unit = (np.arange(100) + 0.5) / 100
    faithful = parameter(MASS, MASS.from_unit(unit))
    assert faithful.distance <= 0.02
    assert not faithful.is_off_prior
    assert sum(faithful.expected) == pytest.approx(100)
    narrow = parameter(MASS, MASS.from_unit(0.5 + 0.1 * unit))
    assert narrow.distance > 0.35
    assert narrow.is_off_prior


def test_whole_numbers_have_a_bin_each():
    told = parameter(COUNT, [1, 2, 2, 3, 4, 4, 4])
    assert told.values.counts == [1, 2, 1, 3]
    assert told.expected == pytest.approx([1.75] * 4)
    assert told.distance == pytest.approx(3 / 4 - 4 / 7)


def test_a_parameter_that_is_not_randomized_is_constant_and_not_off_its_prior():
    told = parameter(MASS, [1.0] * 50)
    assert told.is_constant
    assert not told.is_off_prior


def test_a_parameter_without_a_declaration_is_counted_all_the_same():
    (told,) = counted(*(sample_with(index, parameters={"x": index}) for index in range(5))).parameters
    assert (told.values.count, told.values.minimum, told.values.maximum) == (5, 0, 4)
    assert told.expected is None


def picture(seed):
    """A picture with structure, as those of scenes have it."""
    small = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
    return np.array(Image.fromarray(small).resize((64, 48), Image.Resampling.BICUBIC))


def pairs_of(pictures):
    duplicates = Duplicates()
    for index, image in enumerate(pictures):
        duplicates.add(10 * index, [image])
    return duplicates.exact.named, duplicates.near.named


def test_the_same_picture_is_found_and_named():
    one, other = picture(1), picture(2)
    assert pairs_of([one, other, one, one.copy()]) == ([(0, 20), (0, 30)], [])


def test_different_pictures_are_no_duplicates():
    assert pairs_of([picture(seed) for seed in range(200)]) == ([], [])


def test_noise_and_a_little_more_light_make_no_other_picture():
    one = picture(3)
    noise = np.random.default_rng(0).integers(-3, 4, one.shape)
    noisy = np.clip(one.astype(int) + noise, 0, 255).astype(np.uint8)
    assert pairs_of([picture(4), one, noisy]) == ([], [(10, 20)])
    assert pairs_of([one, np.clip(one.astype(int) + 2, 0, 255).astype(np.uint8)]) == ([], [(0, 10)])


def test_noise_on_plain_surfaces_makes_no_other_picture():
    plain = np.full((32, 34, 3), 120, np.uint8)
    plain[8:24, 10:20] = 200
    noise = np.random.default_rng(0).integers(-1, 2, plain.shape)
    assert pairs_of([plain, (plain + noise).astype(np.uint8)]) == ([], [(0, 10)])


@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_any_picture_has_a_fingerprint_and_it_is_its_own(image):
    colours = np.stack([image] * 3, axis=-1)
    assert fingerprint(colours).shape == (32,)
    assert np.array_equal(fingerprint(colours), fingerprint(image))


def test_a_blender_recording_is_counted_as_it_is(crates):
    told, samples = statistics_of(Replay(crates)), list(Replay(crates))
    assert (told.samples, told.images, told.annotated) == (8, 16, 8)
    seen = [each for sample in samples for each in sample.views["near"].objects if each.box]
    assert sum(each.objects for each in told.categories.values()) == len(seen)
    assert told.visibilities.mean == pytest.approx(np.mean([each.visibility for each in seen]))
    brightness = [sample.views["near"].images["rgb"].mean(axis=(0, 1)) @ (0.2126, 0.7152, 0.0722) for sample in samples]
    assert told.brightness.mean == pytest.approx(np.mean(brightness) / 255, abs=1e-4)
    assert told.same.count == 0
    assert {each.name for each in told.parameters if each.expected} == {"crates", "sun"}


def test_a_damaged_sample_is_named_and_left_out(tmp_path):
    with Recording(tmp_path) as recording:
        for index in range(5):
            recording.write(simple_sample(index))
    shard = tmp_path / "000000.tar"
    content = bytearray(shard.read_bytes())
    content[content.index(b"00000002.rgb.png") + 600] ^= 1
    shard.write_bytes(content)
    told = statistics_of(Replay(tmp_path))
    assert (told.samples, told.damaged.count, told.damaged.first) == (4, 1, [2])


def test_the_command_tells_everything_within_80_columns(crates, tmp_path):
    file = tmp_path / "made" / "stats.json"
    said = blendgym("stats", crates, "-o", file).stdout
    assert max(map(len, said.replace(str(file), "").splitlines())) <= 80
    for text in ("crates  8 samples, 16 images", "category", "brightness", "off prior", "sun"):
        assert text in said
    assert msgspec.json.decode(file.read_bytes(), type=Statistics) == statistics_of(Replay(crates))
    assert json.loads(file.read_text())["samples"] == 8


def test_the_command_draws_a_figure(crates, tmp_path):
    blendgym("stats", crates, "-o", tmp_path / "stats.png")
    image = np.array(Image.open(tmp_path / "stats.png").convert("RGB"))
    assert image.shape[1] == 1560
    assert (image == (0x34, 0x78, 0xD6)).all(axis=-1).sum() > 1000


def test_names_are_shown_as_they_are(tmp_path):
    box = (1.0, 1.0, 9.0, 9.0)
    with Recording(tmp_path / "run") as recording:
        for index in range(3):
            recording.write(sample_with(index, [("[red]$x^{$", box)], parameters={"[bold]$_": index}))
    said = blendgym("stats", tmp_path / "run", "-o", tmp_path / "stats.png").stdout
    assert "[red]$x^{$" in said
    assert "[bold]$_" in said


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_letters_that_the_font_lacks_are_escaped_without_a_warning(tmp_path, suffix):
    from blendgym.data.statistics.figure import draw

    box, file = (1.0, 1.0, 9.0, 9.0), tmp_path / f"stats{suffix}"
    samples = [
        sample_with(index, [("猫", box), ("Größe", box), ("\t\n", box)], parameters={"光": index}) for index in range(3)
    ]
    draw(counted(*samples), "犬 and its bowl", file)
    if suffix == ".svg":
        for name in (r"\u732b", r"\u5149", "Größe", r"\t\n", r"\u72ac and its bowl"):
            assert f"<!-- {name}" in file.read_text()


def test_an_empty_recording_has_statistics_too(tmp_path):
    Recording(tmp_path / "run").close()
    assert "0 samples" in blendgym("stats", tmp_path / "run", "-o", tmp_path / "stats.svg").stdout


def test_what_cannot_be_written_is_refused_before_anything_is_counted(crates, tmp_path):
    done = blendgym("stats", crates, "-o", tmp_path / "stats.xlsx", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "expected .json, .png, .pdf, .svg" in done.stderr


def test_a_figure_without_matplotlib_says_what_to_install(crates, tmp_path):
    code = (
        "import sys; sys.modules['matplotlib'] = None; from blendgym.cli import main; "
        f"main(['stats', {str(crates)!r}, '-o', {str(tmp_path / 'stats.png')!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'blendgym[data]'" in done.stderr
