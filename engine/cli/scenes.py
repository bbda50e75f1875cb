"""Two dozen simple scenes drawn by the program, for trying it out without a photo."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZE = (640, 480)
HORIZON = 270
Draw = ImageDraw.ImageDraw
Colour = tuple[int, int, int]

WHITE, BLACK, RED, YELLOW = (250, 250, 250), (30, 30, 30), (200, 40, 40), (240, 200, 60)
BROWN, ORANGE, BLUE = (120, 75, 40), (230, 120, 40), (40, 80, 190)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a scene plays: sky above, something else below the horizon."""

    vietnamese: str
    sky: Colour
    below: Colour


@dataclass(frozen=True, slots=True)
class Figure:
    """Who or what is in it."""

    vietnamese: str
    draw: Callable[[Draw], None]


def _dog(draw: Draw, colour: Colour) -> None:
    draw.ellipse((230, 290, 390, 370), fill=colour)
    draw.ellipse((370, 250, 440, 320), fill=colour)
    draw.polygon(((380, 262), (372, 225), (402, 252)), fill=colour)
    for x in (245, 285, 345, 370):
        draw.rectangle((x, 350, x + 14, 415), fill=colour)
    draw.line((235, 310, 190, 270), fill=colour, width=12)


def _person(draw: Draw, shirt: Colour) -> None:
    draw.ellipse((295, 150, 345, 200), fill=(224, 172, 130))
    draw.rectangle((283, 200, 357, 310), fill=shirt)
    draw.rectangle((288, 310, 315, 420), fill=BLACK)
    draw.rectangle((325, 310, 352, 420), fill=BLACK)
    draw.line((283, 210, 235, 280), fill=(224, 172, 130), width=14)
    draw.line((357, 210, 405, 280), fill=(224, 172, 130), width=14)


def _ball(draw: Draw) -> None:
    draw.ellipse((260, 300, 380, 420), fill=RED)
    draw.arc((260, 300, 380, 420), 20, 200, fill=WHITE, width=8)


def _boat(draw: Draw) -> None:
    draw.polygon(((200, 330), (440, 330), (400, 390), (240, 390)), fill=BROWN)
    draw.line((320, 330, 320, 170), fill=BLACK, width=8)
    draw.polygon(((326, 175), (326, 320), (430, 320)), fill=WHITE)


GROUNDS = {
    "co": Ground("trên bãi cỏ", (150, 195, 240), (70, 140, 50)),
    "bien": Ground("trên biển", (170, 210, 245), (30, 90, 160)),
    "tuyet": Ground("trong tuyết", (190, 205, 225), (240, 244, 250)),
    "hoang-hon": Ground("lúc hoàng hôn", (240, 140, 70), (90, 50, 60)),
}
FIGURES = {
    "cho-nau": Figure("một con chó nâu", lambda draw: _dog(draw, BROWN)),
    "cho-den": Figure("một con chó đen", lambda draw: _dog(draw, BLACK)),
    "nguoi-ao-do": Figure("một người mặc áo đỏ", lambda draw: _person(draw, RED)),
    "nguoi-ao-xanh": Figure("một người mặc áo xanh", lambda draw: _person(draw, BLUE)),
    "bong": Figure("một quả bóng đỏ", _ball),
    "thuyen": Figure("một chiếc thuyền buồm", _boat),
}


def draw_scenes() -> Iterator[tuple[str, str, Image.Image]]:
    """Draw every figure on every ground.

    Yields:
        A name fit for a file, what the scene shows in Vietnamese, and the image.
    """
    for place, ground in GROUNDS.items():
        for who, figure in FIGURES.items():
            image = _draw(ground, figure)
            yield f"{who}-{place}", f"{figure.vietnamese} {ground.vietnamese}", image


def _draw(ground: Ground, figure: Figure) -> Image.Image:
    image = Image.new("RGB", SIZE, ground.sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, HORIZON, *SIZE), fill=ground.below)
    draw.ellipse((520, 40, 580, 100), fill=YELLOW)
    figure.draw(draw)
    # Soft edges and some grain: nearer to a photo than flat colour.
    return Image.blend(image.filter(ImageFilter.GaussianBlur(2)), _grain(), 0.12)


@cache
def _grain() -> Image.Image:
    """Always the same, so that scenes drawn again are the same files and not embedded again."""
    width, height = SIZE
    noise = np.random.default_rng(0).normal(128, 40, (height, width)).clip(0, 255)
    return Image.fromarray(noise.astype(np.uint8)).convert("RGB")


def save_scenes(folder: Path) -> None:
    """Write all scenes as JPEG files, the same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, _, image in draw_scenes():
        image.save(folder / f"{name}.jpg", quality=90)
