"""All that the details of a photo show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.library.photo import Photo

PhotosOf = Callable[[Sequence[int]], list[Photo]]
"""The rows of photos by their ids; those that are gone are left out."""


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo with what the window knows of it; pairs have OpenCLIP's part first.

    Attributes:
        photo: its row.
        online: whether its folder can be reached.
        favourite: whether the user has marked it as one.
        query: what was typed; "" without a text.
        score: what it is ranked by; None when nothing is searched.
        cosines: to the query; None where it is not embedded.
        parts: what each encoder contributes to `score`.
        ranks: by each encoder alone, from 1 on.
        position: in the ranking, from 1 on.
        marked: whether it is marked as a right photo for `query`.
        total: how many photos are ranked.
        shares: the lengths of the encoders' bars, in [0, 1]; None shows no bars.
    """

    photo: Photo
    online: bool
    favourite: bool
    query: str = ""
    score: float | None = None
    cosines: tuple[float | None, float | None] | None = None
    parts: tuple[float, float] | None = None
    ranks: tuple[int | None, int | None] | None = None
    position: int | None = None
    marked: bool = False
    total: int | None = None
    shares: tuple[float, float] | None = None
