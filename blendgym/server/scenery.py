"""What a scene looks like, as far as parameters change it."""

from __future__ import annotations

from blendgym.server.scenes import LoadedScene


class Scenery:
    """The lights, materials, cameras and background of a scene, by the names that it was built with.

    Args:
        loaded: The scene, as it was built.
    """

    def __init__(self, loaded: LoadedScene) -> None:
        self._loaded = loaded
