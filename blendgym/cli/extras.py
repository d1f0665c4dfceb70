"""The extras of an installation, and the modules that they bring."""

from __future__ import annotations

MODULES = {
    "bpy": ("bpy",),
    "sb3": ("matplotlib", "pandas", "stable_baselines3", "tensorboard", "torch", "tqdm"),
    "video": ("imageio_ffmpeg", "moviepy", "pygame"),
    "data": ("h5py", "isal", "matplotlib", "torch"),
    "ray": ("ray",),
    "dr": ("cv2", "matplotlib", "scipy", "skimage", "sklearn", "threadpoolctl"),
}
"""By the name of the extra; those of ``setup.cfg``, which names their distributions."""


def advice_for(error: BaseException) -> str | None:
    """What to install for a module that is missing; ``None`` if no extra brings it.

    Args:
        error: What some import has raised, or what another package has made of that.
    """
    cause = error if isinstance(error, ImportError) else error.__cause__
    missing = (getattr(cause, "name", None) or "").partition(".")[0]
    extras = [extra for extra, modules in MODULES.items() if missing in modules]
    if not extras:
        return None
    installed = " or ".join(f"pip install 'blendgym[{extra}]'" for extra in extras)
    return f"This needs {missing}, which is not installed: {installed}"
