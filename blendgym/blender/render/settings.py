"""Settings of a file that would reach only some engines, or annotations: set once, to what all engines can show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import bpy

NEUTRAL: Mapping[str, Mapping[str, Any]] = {
    "scene.render": {
        "film_transparent": False,
        "filter_size": 1.5,
        "resolution_percentage": 100,
        "use_border": False,
        "use_compositing": False,
        "use_freestyle": False,
        "use_motion_blur": False,
        "use_multiview": False,
        "use_sequencer": False,
        "use_single_layer": False,
    },
    "scene.cycles": {
        "feature_set": "SUPPORTED",
        "film_exposure": 1.0,
        "filter_width": 1.5,
        "pixel_filter_type": "BLACKMAN_HARRIS",
        "rolling_shutter_type": "NONE",
        "sample_clamp_direct": 0.0,
        "sample_offset": 0,
        "time_limit": 0.0,
        "use_camera_cull": False,
        "use_distance_cull": False,
        "use_fast_gi": False,
        "use_sample_subset": False,
    },
    "scene.display_settings": {"display_device": "sRGB"},
    # Colours mean the same in every engine only without a film's curve.
    "scene.view_settings": {
        "gamma": 1.0,
        "look": "None",
        "use_curve_mapping": False,
        "use_hdr_view": False,
        "use_white_balance": False,
        "view_transform": "Standard",
    },
    "view_layer": {
        "material_override": None,
        "pass_alpha_threshold": 0.5,
        "samples": 0,
        "use_ao": True,
        "use_sky": True,
        "use_solid": True,
        "use_strand": True,
        "use_volumes": True,
        "world_override": None,
    },
    "light": {
        "diffuse_factor": 1.0,
        "specular_factor": 1.0,
        "transmission_factor": 1.0,
        "use_custom_distance": False,
        "volume_factor": 1.0,
    },
    "material": {"use_backface_culling": False},
}
"""The values that settings have in every picture, whatever the file says; ``docs/cameras.md`` gives the reasons."""


def neutralize(scene: bpy.types.Scene, view_layer: bpy.types.ViewLayer) -> None:
    """Sets what would make engines disagree.

    Args:
        scene: Whose settings.
        view_layer: The one that is rendered.
    """
    for part in ("render", "cycles", "display_settings", "view_settings"):
        _set([getattr(scene, part, None)], NEUTRAL[f"scene.{part}"])
    _set([view_layer], NEUTRAL["view_layer"])
    _set([obj.data for obj in scene.objects if obj.type == "LIGHT"], NEUTRAL["light"])
    _set([slot.material for obj in scene.objects for slot in obj.material_slots if slot.material], NEUTRAL["material"])


def _set(owners: Iterable[Any], values: Mapping[str, Any]) -> None:
    """Sets those of the values that this version of Blender has."""
    for owner in owners:
        for name, value in values.items():
            if getattr(owner, name, value) != value:
                setattr(owner, name, value)
