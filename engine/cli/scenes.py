"""Simple scenes drawn by the program, for trying it out and examining it without a photo."""

from collections.abc import Callable, Iterator, Mapping
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
BROWN, BLUE, GREY, GREEN = (120, 75, 40), (40, 80, 190), (120, 120, 125), (40, 110, 45)


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


def _dog(draw: Draw, colour: Colour, x: int = 0, y: int = 0) -> None:
    """A dog, moved to the right by x and down by y."""
    draw.ellipse((x + 230, y + 290, x + 390, y + 370), fill=colour)
    draw.ellipse((x + 370, y + 250, x + 440, y + 320), fill=colour)
    ear = ((x + 380, y + 262), (x + 372, y + 225), (x + 402, y + 252))
    draw.polygon(ear, fill=colour)
    for leg in (245, 285, 345, 370):
        draw.rectangle((x + leg, y + 350, x + leg + 14, y + 415), fill=colour)
    draw.line((x + 235, y + 310, x + 190, y + 270), fill=colour, width=12)


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


def _two_dogs(draw: Draw) -> None:
    for left, top, colour in ((-130, 20, BROWN), (130, -10, BLACK)):
        _dog(draw, colour, left, top)


def _tree(draw: Draw) -> None:
    draw.rectangle((305, 230, 335, 420), fill=BROWN)
    for box in ((220, 120, 340, 260), (300, 120, 420, 260), (250, 60, 390, 200)):
        draw.ellipse(box, fill=GREEN)


def _building(draw: Draw) -> None:
    draw.rectangle((210, 70, 430, 400), fill=GREY)
    for x in range(230, 410, 50):
        for y in range(90, 340, 50):
            draw.rectangle((x, y, x + 30, y + 28), fill=(200, 220, 240))
    draw.rectangle((300, 350, 340, 400), fill=BLACK)


def _bicycle(draw: Draw) -> None:
    rear, front, pedals, saddle, head = (250, 360), (410, 360), (330, 360), (290, 280), (390, 280)
    for x, y in (rear, front):
        draw.ellipse((x - 50, y - 50, x + 50, y + 50), outline=BLACK, width=8)
    draw.line((*pedals, *rear, *saddle, *pedals, *head, *saddle), fill=RED, width=8)
    draw.line((*front, *head, 385, 255, 420, 250), fill=BLACK, width=8)
    draw.line((270, 272, 310, 272), fill=BLACK, width=10)


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
# With these the scenes are fifty, enough to tell an encoder that understands them from chance.
MORE_GROUNDS = GROUNDS | {
    "cat": Ground("trên bãi cát", (150, 200, 245), (225, 200, 150)),
}
MORE_FIGURES = FIGURES | {
    "hai-con-cho": Figure("hai con chó", _two_dogs),
    "cay": Figure("một cái cây", _tree),
    "toa-nha": Figure("một tòa nhà cao", _building),
    "xe-dap": Figure("một chiếc xe đạp", _bicycle),
}


def draw_scenes(
    grounds: Mapping[str, Ground] = GROUNDS, figures: Mapping[str, Figure] = FIGURES
) -> Iterator[tuple[str, str, Image.Image]]:
    """Draw every figure on every ground, ground by ground.

    Yields:
        A name fit for a file, what the scene shows in Vietnamese, and the image.
    """
    for place, ground in grounds.items():
        for who, figure in figures.items():
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
