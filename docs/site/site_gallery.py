"""The gallery: the films of all environments, and pictures of other pages."""

from __future__ import annotations

import re
from pathlib import Path

SHOWN = (
    "annotations", "falling_cubes", "three_meshes", "randomized", "imaging", "door", "digits_pages", "supershapes",
    "meta_episode", "recording_view",
)  # fmt: skip
"""The pictures of docs/images that are shown, in this order."""


def gallery(root: Path) -> str:
    """The page, in Markdown.

    Args:
        root: Of the repository.
    """
    rooms = [_room(page, root) for page in sorted(root.glob("envs/*/README.md"))]
    pictures = _pictures(root)
    return "\n".join(
        [
            "# Gallery\n\nEach picture leads to its page.\n\n## Environments\n",
            _grid(rooms),
            "## Images, streams and randomization\n",
            _grid([pictures[name] for name in SHOWN]),
        ]
    )


def _grid(cards: list[str]) -> str:
    return '<div class="grid cards gallery" markdown>\n\n' + "\n".join(cards) + "\n</div>\n"


def _room(page: Path, root: Path) -> str:
    folder = page.parent.relative_to(root)
    title, said = re.findall(r"^(?:# )?(\w.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)[:2]
    film = f"[![An episode of {title}]({folder}/images/animation.webp)]({folder}/README.md)"
    return f"-   {film}\n\n    **{title}** {said}\n"


def _pictures(root: Path) -> dict[str, str]:
    """A card for every picture in docs/, by the name of its file."""
    cards = {}
    for page in sorted(root.glob("docs/*.md")):
        for alt, name in re.findall(r"^!\[(.*?)\]\(images/(\w+)\.png\)", page.read_text(), re.MULTILINE):
            picture = f"[![{alt}](docs/images/{name}.png)]({page.relative_to(root)})"
            cards[name] = f"-   {picture}\n\n    {alt}\n"
    return cards
