"""Samples for recordings: any that there can be, and how they are compared."""

from __future__ import annotations

import hypothesis.strategies as st
import msgspec
import numpy as np
from hypothesis.extra import numpy as arrays

from blendgym.data.sample import Sample
from blendgym.images.captures import BlenderCamera, Capture, Keypoint, SeenObject
from blendgym.images.passes import PASSES
from blendgym.images.projections import Projection
from blendgym.wire.codec import WIRE_DTYPES

NUMBERS = st.floats(allow_nan=True)
NAMES = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,12}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def array_of(shape, dtype=np.float64):
    return arrays.arrays(dtype, shape)


def image_of(name, width, height):
    described = PASSES[name]
    return arrays.arrays(described.dtype, described.shape(width, height))


COEFFICIENTS = st.lists(NUMBERS, max_size=5).map(tuple)
PROJECTIONS = st.builds(
    Projection,
    st.sampled_from(["perspective", "orthographic", "equidistant", "equisolid", "polynomial"]),
    array_of((3, 3)), NUMBERS, COEFFICIENTS, COEFFICIENTS,
)  # fmt: skip
OBJECTS = st.builds(
    SeenObject,
    id=st.integers(1, 2**31 - 1), name=TEXTS, category=TEXTS, category_id=st.integers(1, 2**31 - 1),
    extras=st.dictionaries(TEXTS, st.booleans() | st.integers(-(2**31), 2**31 - 1) | NUMBERS | TEXTS, max_size=3),
    pixels=st.integers(0, 2**40), visibility=st.none() | NUMBERS, box=st.none() | st.tuples(*[NUMBERS] * 4),
    amodal_box=st.tuples(*[NUMBERS] * 4), truncation=NUMBERS, pose=array_of((4, 4)), corners=array_of((8, 3)),
)  # fmt: skip
KEYPOINTS = st.builds(Keypoint, TEXTS, TEXTS, array_of(3), array_of(2), st.booleans())
CAMERAS = st.builds(
    BlenderCamera,
    **{
        name: {"float": NUMBERS, "str": TEXTS}.get(kind, COEFFICIENTS)
        for name, kind in BlenderCamera.__annotations__.items()
    },
)


@st.composite
def captures(draw):
    width, height = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    passes = draw(st.lists(st.sampled_from(list(PASSES)), unique=True, min_size=1))
    images = {name: draw(image_of(name, width, height)) for name in passes}
    objects = draw(st.lists(OBJECTS, max_size=2).map(tuple))
    keypoints = draw(st.lists(KEYPOINTS, max_size=2).map(tuple))
    return Capture(images, draw(PROJECTIONS), draw(array_of((4, 4))), draw(CAMERAS), objects, keypoints)


LABELS = st.sampled_from(list(WIRE_DTYPES.values())).flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=9))
)
SAMPLES = st.builds(
    Sample,
    index=st.integers(0, 2**40), version=st.integers(0, 2**31), seed=st.integers(0, 2**63 - 1),
    parameters=st.dictionaries(TEXTS, NUMBERS, max_size=4), unit=array_of(st.integers(0, 5)), log_probability=NUMBERS,
    labels=st.dictionaries(TEXTS | NAMES, LABELS, max_size=3),
    views=st.dictionaries(st.just("") | NAMES, captures(), max_size=3),
)  # fmt: skip


def simple_sample(index, size=(24, 32)):
    """A sample without a Blender, a function of its index."""
    rng = np.random.default_rng(index)
    images = {
        "rgb": rng.integers(0, 256, (*size, 3), np.uint8),
        "depth": rng.random(size, np.float32),
        "segmentation": rng.integers(0, 3, size, np.int32),
    }
    camera = BlenderCamera(50.0, "AUTO", 36.0, 24.0, 0.0, 0.0, 0.1, 100.0, 1.0, 1.0, "PERSP", 1.0, "", 3.1, 10.5, ())
    projection = Projection("perspective", np.diag([40.0, 40.0, 1.0]))
    seen = SeenObject(
        1,
        "Cube",
        "Cube",
        1,
        {},
        7,
        None,
        (1.0, 2.0, 3.0, 4.0),
        (1.0, 2.0, 3.0, 4.0),
        0.0,
        np.eye(4),
        rng.random((8, 3)),
    )
    return Sample(
        index=index, seed=1000 + index, unit=rng.random(2), parameters={"mass": float(rng.random())},
        labels={"class": np.array(index % 3)}, views={"": Capture(images, projection, np.eye(4), camera, (seen,))},
    )  # fmt: skip


def bits(value):
    """What two values have in common if and only if they are equal to the last bit, type and shape included."""
    if isinstance(value, np.ndarray):
        return value.dtype.str.replace("=", "<"), value.shape, value.tobytes()
    if isinstance(value, msgspec.Struct):
        return type(value), {name: bits(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return [(name, bits(each)) for name, each in value.items()]
    if isinstance(value, tuple):
        return tuple(map(bits, value))
    return type(value), repr(value)
