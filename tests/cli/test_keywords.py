"""Arguments that are typed as name=value mean what they mean in Python."""

from __future__ import annotations

import pytest

from blendgym.errors import InvalidOption
from blendgym.keywords import parse_keywords


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tells_target=False", False),
        ("tells_target=false", False),
        ("camera=None", None),
        ("width=64", 64),
        ("action_type=discrete", "discrete"),
        ('views={"front":{"width":8}}', {"front": {"width": 8}}),
        ("camera=", ""),
        ("note=a=b", "a=b"),
    ],
)
def test_values_are_constants_of_python_json_or_text(typed, meant):
    (value,) = parse_keywords((typed,)).values()
    assert (value, type(value)) == (meant, type(meant))


@pytest.mark.parametrize("typed", ["discrete", "=3", "two words=3"])
def test_what_names_nothing_is_refused(typed):
    with pytest.raises(InvalidOption, match="takes name=value, got"):
        parse_keywords((typed,))
