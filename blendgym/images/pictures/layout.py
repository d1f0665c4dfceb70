"""What pictures are put together from: colours, letters, legends, and the contact sheet.

All sizes are given in pixels of a picture that is 640 pixels wide; larger pictures have larger letters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from blendgym.images.captures import SeenObject

Colour = tuple[int, int, int]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

PAPER, CARD, RULE = (233, 236, 240), (255, 255, 255), (222, 226, 232)
INK, FAINT = (34, 39, 48), (112, 119, 130)
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
NOTHING = (178, 180, 184)
"""Where nothing is seen, in every picture but those of colours."""

PALETTE = (
    (52, 120, 214), (112, 171, 92), (245, 135, 31), (146, 94, 190), (216, 60, 72), (28, 170, 165),
    (244, 203, 66), (238, 140, 184), (138, 88, 58), (184, 214, 60), (44, 58, 118), (196, 170, 230),
)  # fmt: skip
"""Colours of the first ids; the next have tints and shades of them."""

MARGIN, GAP, TEXT, ROW = 14, 8, 14, 22
WIDEST_CARD = 1280
MOST_ENTRIES = 48
"""Of a legend; the rest is counted."""


class Picture(NamedTuple):
    """A picture with its legend.

    Args:
        name: Of its file.
        caption: Its line on the contact sheet.
        image: RGB, with one pixel for each of the capture's.
        legend: A strip that goes below it, as wide as the enlarged image.
    """

    name: str
    caption: str
    image: Image.Image
    legend: Image.Image

    def framed(self) -> Image.Image:
        """The image, enlarged if it is small, with the legend below it."""
        return _stacked((enlarged(self.image), self.legend))


class Entry(NamedTuple):
    """What a legend explains: a small image, if any, and its meaning."""

    text: str
    swatch: Image.Image | None = None


def scaled(size: float, width: int) -> int:
    """A length in a picture of some width; never less than in one 640 pixels wide."""
    return round(size * math.pow(max(1.0, width / 640), 0.8))


def letters(size: float, width: int) -> Font:
    """Pillow's own font, which every machine has: Latin letters without accents."""
    return ImageFont.load_default(scaled(size, width))


def zoom_for(width: int) -> int:
    """How many times an image is enlarged, so that there is room for labels and a legend."""
    return math.ceil(480 / width)


def enlarged(image: Image.Image) -> Image.Image:
    """A small image with a square for each pixel; a large one as it is."""
    zoom = zoom_for(image.width)
    return image if zoom == 1 else image.resize((image.width * zoom, image.height * zoom), Image.Resampling.NEAREST)


def colour_of(number: int) -> Colour:
    """The colour that an object's id has in every picture."""
    if number <= 0:
        return NOTHING
    turn, place = divmod(number - 1, len(PALETTE))
    return mixed(PALETTE[place], BLACK if turn % 2 else WHITE, 1 - 0.6 ** ((turn + 1) // 2))


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """A colour with a share of another one."""
    red, green, blue = (round(one + share * (two - one)) for one, two in zip(colour, other, strict=True))
    return red, green, blue


def ink_on(colour: Colour) -> Colour:
    """The colour of letters that can be read on some colour."""
    red, green, blue = colour
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 150 else WHITE


def chip(colour: Colour, width: int) -> Image.Image:
    """A swatch of one colour, for a picture of some width."""
    size = 4 * scaled(14, width)
    image = Image.new("RGB", (size, size), CARD)
    ImageDraw.Draw(image).rounded_rectangle((0, 0, size - 1, size - 1), size // 5, colour)
    return image.reduce(4)


def legend(entries: Iterable[Entry], width: int) -> Image.Image:
    """A strip with entries in columns, in as many rows as it takes."""
    entries = _shortened(list(entries))
    font, margin, gap, row = letters(TEXT, width), scaled(MARGIN, width), scaled(GAP, width), scaled(ROW, width)
    needed = [(entry.swatch.width + gap if entry.swatch else 0) + font.getlength(entry.text) for entry in entries]
    columns = _columns([math.ceil(length) + 2 * gap for length in needed], width - 2 * margin + 2 * gap)
    rows = math.ceil(len(entries) / len(columns))
    strip = Image.new("RGB", (width, rows * row + 2 * margin - gap), CARD)
    draw = ImageDraw.Draw(strip)
    for place, entry in enumerate(entries):
        left = margin + sum(columns[: place % len(columns)])
        middle = margin - gap // 2 + place // len(columns) * row + row // 2
        if entry.swatch:
            strip.paste(entry.swatch, (left, middle - entry.swatch.height // 2))
            left += entry.swatch.width + gap
        draw.text((left, middle), entry.text, INK, font, anchor="lm")
    return strip


def contact_sheet(title: str, subtitle: str, pictures: Sequence[Picture], objects: Sequence[SeenObject]) -> Image.Image:
    """All pictures with captions, in rows; a place that stays free has a table of the objects in sight."""
    cards = [_card(picture) for picture in pictures]
    rows = 1 if len(cards) <= 3 else 2
    columns = math.ceil(len(cards) / rows)
    width, height = cards[0].width, max(card.height for card in cards)
    cards += [_table(objects, width, height)] * (rows * columns - len(cards))
    gutter, head = scaled(24, width), scaled(88, width)
    size = (columns * (width + gutter) + gutter, head + rows * (height + gutter))
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((gutter, scaled(22, width)), title, INK, letters(28, width))
    draw.text((gutter, scaled(58, width)), subtitle, FAINT, letters(16, width))
    for place, card in enumerate(cards):
        left, top = gutter + place % columns * (width + gutter), head + place // columns * (height + gutter)
        draw.rectangle((left - 1, top - 1, left + width, top + height), CARD, RULE)
        sheet.paste(card, (left, top))
    return sheet


def _card(picture: Picture) -> Image.Image:
    framed = picture.framed()
    if framed.width > WIDEST_CARD:
        height = round(framed.height * WIDEST_CARD / framed.width)
        framed = framed.resize((WIDEST_CARD, height), Image.Resampling.LANCZOS)
    return _stacked((_caption(picture.caption, framed.width), framed))


def _caption(text: str, width: int) -> Image.Image:
    strip = Image.new("RGB", (width, scaled(40, width)), CARD)
    ImageDraw.Draw(strip).text((scaled(MARGIN, width), strip.height / 2), text, INK, letters(18, width), anchor="lm")
    return strip


def _table(objects: Sequence[SeenObject], width: int, height: int) -> Image.Image:
    """A card with one row for each object, as many as there is room for."""
    card = _stacked((_caption("Objects in sight", width), Image.new("RGB", (width, height - scaled(40, width)), CARD)))
    draw = ImageDraw.Draw(card)
    font, margin, row, top = letters(16, width), scaled(MARGIN, width), scaled(32, width), scaled(40, width)
    ends = [round(share * (width - 2 * margin)) + margin for share in (0.55, 0.77, 1.0)]
    for end, name in zip(ends, ("pixels", "visible", "cut off"), strict=True):
        draw.text((end, top + row / 2), name, FAINT, font, anchor="rm")
    for seen in objects[: (height - top) // row - 1]:
        top += row
        draw.line((margin, top, width - margin, top), RULE)
        swatch = chip(colour_of(seen.id), width)
        card.paste(swatch, (margin, top + (row - swatch.height) // 2))
        draw.text((margin + 2 * swatch.width, top + row / 2), f"{seen.id}  {seen.name}", INK, font, anchor="lm")
        numbers = f"{seen.pixels:,}", percent(seen.visibility), f"{seen.truncation:.1%}"
        for end, number in zip(ends, numbers, strict=True):
            draw.text((end, top + row / 2), number, INK, font, anchor="rm")
    return card


def percent(share: float | None, digits: int = 1) -> str:
    """A share in words; nothing if it is not known."""
    return "" if share is None else f"{share:.{digits}%}"


def _shortened(entries: list[Entry]) -> list[Entry]:
    if len(entries) <= MOST_ENTRIES:
        return entries
    return [*entries[: MOST_ENTRIES - 1], Entry(f"and {len(entries) - MOST_ENTRIES + 1} more")]


def _columns(lengths: list[int], room: int) -> list[int]:
    """Widths of as many columns as fit into some room, if what they hold has these lengths, row by row."""
    for count in range(len(lengths), 1, -1):
        widths = [max(lengths[column::count]) for column in range(count)]
        if sum(widths) <= room:
            return widths
    return [max(lengths)]


def _stacked(images: Sequence[Image.Image]) -> Image.Image:
    stack = Image.new("RGB", (images[0].width, sum(image.height for image in images)), CARD)
    top = 0
    for image in images:
        stack.paste(image, (0, top))
        top += image.height
    return stack
