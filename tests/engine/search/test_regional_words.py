from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search.query import normalise_text
from engine.search.regional_words import Region, in_words_of
from tests.conftest import SHARED

REGIONS: tuple[Region, Region] = ("north", "south")

WORDS = (
    "quả bóng trái banh mũ nón đội ô tô dù chiếc cầm xanh lá cây cam đĩa bát ly một to đứa trẻ nhỏ"
    " đang ngã người đỗ xe hơi máy Đuổi THEO , 2"
)


def first(_number: int) -> int:
    return 0


def last(number: int) -> int:
    return number - 1


@pytest.mark.parametrize(
    ("north", "south"),
    [
        ("con chó đuổi theo quả bóng", "con chó rượt theo trái bóng"),
        ("bố mẹ và đứa trẻ ở bể bơi", "ba mẹ và đứa nhỏ ở hồ bơi"),
        ("con lợn ăn quả dưa", "con heo ăn trái dưa"),
        ("hai quả cam, hai quả táo", "hai trái cam, hai trái táo"),
        ("sạp hoa quả", "sạp trái cây"),
        ("quả dứa", "trái thơm"),
        ("áo xanh lá cây, quần xanh nước biển", "áo xanh lá, quần xanh dương"),
        ("đội mũ bảo hiểm đi xe đạp", "đội nón bảo hiểm chạy xe đạp"),
        ("xe máy ở bãi đỗ", "xe gắn máy ở bãi đậu"),
        ("ô tô cạnh tàu hỏa", "xe hơi cạnh xe lửa"),
        ("cô gái cầm ô chụp ảnh", "cô gái cầm dù chụp hình"),
        ("cầm bát phở, thìa và cốc", "cầm tô phở, muỗng và ly"),
        ("đeo kính râm", "đeo kính mát"),
        ("cậu bé bị ngã", "cậu bé bị té"),
        ("Quả bóng", "Trái bóng"),
        ("QUẢ BÓNG", "TRÁI BÓNG"),
    ],
)
def test_each_region_says_it_in_its_own_words(north: str, south: str) -> None:
    assert in_words_of("south", north, first) == in_words_of("south", south, first) == south
    assert in_words_of("north", south, first) == in_words_of("north", north, first) == north


@pytest.mark.parametrize(
    ("region", "text", "said"),
    [
        ("south", "đội mũ đỏ", "đội nón đỏ"),
        ("north", "đội nón đỏ", "đội nón đỏ"),  # it may be the conical one
        ("south", "chiếc ô vàng", "chiếc dù vàng"),
        ("north", "chiếc dù vàng", "chiếc dù vàng"),  # it may be a parachute
        ("south", "chiếc ô tô vàng", "chiếc xe hơi vàng"),
        ("south", "trên vỉa hè", "trên lề đường"),
        ("north", "trên lề đường", "trên lề đường"),  # a country road has one, too
        ("north", "cô gái mặc đầm đỏ", "cô gái mặc váy đỏ"),
        ("south", "cô gái mặc váy đỏ", "cô gái mặc váy đỏ"),  # it may be a skirt
        ("south", "quả bóng bầu dục", "trái bóng bầu dục"),
        ("south", "đang đỗ cạnh cửa hàng", "đang đậu cạnh tiệm"),
        ("north", "con chim đang đậu trên dây", "con chim đang đậu trên dây"),
    ],
)
def test_some_words_are_said_one_way_only(region: Region, text: str, said: str) -> None:
    assert in_words_of(region, text, first) == said


@pytest.mark.parametrize("choose", [first, last])
@pytest.mark.parametrize("region", ["north", "south"])
@pytest.mark.parametrize(
    "text",
    [
        "kết quả, hiệu quả",
        "bên trái, tay trái cầm vợt, ngả sang trái bóng",
        "cậu bé chơi bóng chày",
        "cá heo, gió heo may",
        "đội nón lá, cọc hình nón",
        "hải ly và chim cốc",
        "mọi người mang tất cả đồ đạc",
        "ba mẹ con",
        "nhảy dù, bay dù lượn, mặc dù trời mưa",
        "nhà kính, ống kính",
        "đang ngã người để đỡ",
        "ngã tư, hẻm núi, trong hẻm núi",
        "há to miệng",
        "con chó to lớn",
        "ô cửa sổ, chiếc xe ô tô tải",
        "mô tô, tô màu",
        "chó chăn cừu",
        "người gầy, người ốm",
        "cầm đĩa, cái dĩa",
    ],
)
def test_words_that_only_look_regional_stay(
    text: str, region: Region, choose: Callable[[int], int]
) -> None:
    assert in_words_of(region, text, choose) == text


def test_the_choice_tells_which_of_several_words() -> None:
    asked: list[int] = []

    def choose(number: int) -> int:
        asked.append(number)
        return len(asked) - 1

    assert in_words_of("south", "quả bóng, quả bóng", choose) == "trái bóng, trái banh"
    assert asked == [2, 2]


@given(
    st.lists(st.sampled_from(WORDS.split())),
    st.sampled_from(["north", "south"]),
    st.sampled_from([first, last]),
)
def test_any_text_keeps_its_form(
    words: list[str], region: Region, choose: Callable[[int], int]
) -> None:
    said = in_words_of(region, " ".join(words), choose)
    assert normalise_text(said) == said
    assert said.count(",") == words.count(",")
    assert bool(said) == bool(words)


@pytest.mark.shared
def test_the_words_of_one_region_have_none_of_the_other_left() -> None:
    path = SHARED / "data/flickr8k/captions_vi_train.tsv"
    if not path.exists():
        pytest.skip("needs the captions beside the project")
    captions = [
        normalise_text(line.split("\t")[1]) for line in path.read_text("utf-8").splitlines()
    ]
    for region in REGIONS:
        said = [in_words_of(region, caption, first) for caption in captions[:2000]]
        assert sum(a != b for a, b in zip(captions, said, strict=False)) > 100
        assert [in_words_of(region, caption, first) for caption in said] == said
