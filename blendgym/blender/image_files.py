"""Image files that are not there, or that Blender cannot read: it shows pink, or nothing, instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy

from blendgym.blender.scenes import LoadedScene

FROM_FILES = ("FILE", "SEQUENCE", "MOVIE", "TILED")


def faults_of_images(loaded: LoadedScene) -> list[str]:
    """What is wrong with the images of materials and background, each with its cure. Loads them."""
    slots = [slot.material for slot in loaded.material_slots() if slot.material]
    users = dict.fromkeys([*slots, *filter(None, [loaded.scene.world])])
    return [fault for user in users for fault in _faults_of(user)]


def _faults_of(user: Any) -> Iterator[str]:
    if not user.use_nodes:
        return
    for image in dict.fromkeys(_images(user.node_tree)):
        if image.source not in FROM_FILES:
            continue
        file = bpy.path.abspath(image.filepath_from_user(), library=image.library)
        if not image.packed_files and not Path(file).exists():
            yield (
                f"Image {image.name!r} of {user.name!r} is missing: there is no file {file}. Put it there, or pack it "
                "into the .blend (File > External Data > Pack Resources)."
            )
        elif not all(image.size):  # Asking for it loads the file.
            yield (
                f"Image {image.name!r} of {user.name!r} is damaged, or none at all: Blender cannot read "
                f"{'what is packed of it' if image.packed_files else file}. Save it anew in a format that Blender "
                "opens."
            )


def _images(tree: bpy.types.NodeTree) -> Iterator[bpy.types.Image]:
    for node in tree.nodes:
        if node.type == "GROUP" and node.node_tree:
            yield from _images(node.node_tree)
        elif getattr(node, "image", None):
            yield node.image
