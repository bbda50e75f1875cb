import json
import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CaptionsError
from engine.evaluation.datasets import Caption, match_images, read_captions

DATA = Path(__file__).parents[3].parent / "shared" / "data"
FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
CAT = Caption("mèo.jpg", "Con mèo ngủ; con chó thức")
DOG = Caption("a/chó.jpg", "Con chó  hoà thuận .")
SUFFIXES = [".tsv", ".csv", ".jsonl", ".txt", ".ndjson", ".CSV", ""]


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


TSV = f"{CAT.image}\t{CAT.text}\n{DOG.image}\t{DOG.text}\n"
CSV = f'{CAT.image};"{CAT.text}"\n{DOG.image};{DOG.text}\n'
JSONL = "".join(
    json.dumps({"image": caption.image, "caption": caption.text}) + "\n" for caption in (CAT, DOG)
)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("captions.tsv", TSV),
        ("captions.txt", TSV),
        ("captions.tsv", "image\tcaption\n" + TSV),
        ("captions.tsv", "\n" + TSV.replace("\n", "\n \n")),
        ("captions.csv", CSV),
        ("captions", CSV),
        ("captions.csv", "image_filename;caption\n" + CSV),
        ("captions.csv", "\nImage_Filename;Caption\n\n" + CSV),
        ("captions.csv", CSV.replace('"', "")),
        ("captions.jsonl", JSONL),
        ("captions.txt", JSONL),
        ("captions.ndjson", JSONL.replace("\n", "\n\n")),
    ],
)
def test_every_format_gives_the_same_captions(
    tmp_path: Path, name: str, text: str, mark: str, end: str
) -> None:
    path = write(tmp_path, name, mark + text.replace("\n", end))
    assert read_captions(path) == [CAT, DOG]


@pytest.mark.parametrize("image_key", ["image", "image_filename", "filename", "file_name"])
@pytest.mark.parametrize("text_key", ["caption", "captions", "text"])
def test_json_lines_may_hold_one_caption_or_several(
    tmp_path: Path, image_key: str, text_key: str
) -> None:
    records = [{image_key: "a.jpg", text_key: "một"}, {image_key: "b.jpg", text_key: ["hai", "ba"]}]
    path = write(tmp_path, "c.jsonl", "\n".join(map(json.dumps, records)))
    assert [(c.image, c.text) for c in read_captions(path)] == [
        ("a.jpg", "một"),
        ("b.jpg", "hai"),
        ("b.jpg", "ba"),
    ]


def test_tabs_in_a_file_called_csv_are_read_as_tabs(tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", "a.jpg\tmột\n")
    assert read_captions(path) == [Caption("a.jpg", "một")]


def test_quoted_fields_may_hold_quotes_and_line_ends(tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", 'a.jpg;"Anh nói ""chào""\nrồi đi"\nb.jpg;Một 5" dài\n')
    assert [c.text for c in read_captions(path)] == ['Anh nói "chào"\nrồi đi', 'Một 5" dài']


def test_a_header_says_where_the_columns_are(tmp_path: Path) -> None:
    path = write(tmp_path, "c.tsv", "id\tcaption\tfilename\n7\tmột con mèo\tmèo.jpg\n")
    assert read_captions(path) == [Caption("mèo.jpg", "một con mèo")]


def test_separators_that_only_look_like_line_ends_stay_in_the_caption(tmp_path: Path) -> None:
    path = write(tmp_path, "c.tsv", "a.jpg\tmột\u2028hai\x0cba\x85bốn\n")
    assert [c.text for c in read_captions(path)] == ["một\u2028hai\x0cba\x85bốn"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("c.tsv", "", r"c\.tsv, line 1: there is no caption in the file\."),
        ("c.tsv", "\n \n", "line 1: there is no caption"),
        ("c.csv", "image_filename;caption\n", "line 1: there is no caption after the names"),
        ("c.tsv", "a.jpg\tmột\nb.jpg\n", r"line 2: columns expected: 2, found: 1"),
        ("c.tsv", "a.jpg\tmột\thai\n", r"line 1: columns expected: 2, found: 3"),
        ("c.tsv", "a.jpg\tmột\n\nb.jpg\t \n", "line 3: the caption is empty"),
        ("c.tsv", "a.jpg\t\u200b\n", "line 1: the caption is empty"),
        ("c.csv", "a.jpg;một\n ;hai\n", "line 2: the image has no name"),
        ("c.csv", 'a.jpg;"một" hai\n', "line 1: its quotes are not as in CSV"),
        ("c.csv", 'a.jpg;một\nb.jpg;"hai\n', "its quotes are not as in CSV"),
        ("c.jsonl", '{"image": "a.jpg", "caption": "một"}\n{', "line 2: it is not JSON"),
        ("c.jsonl", "[" * 100_000, "line 1: it is not JSON"),
        ("c.jsonl", '["a.jpg", "một"]', "line 1: it is not a JSON object"),
        ("c.jsonl", '{"image": "a.jpg"}', "line 1: it lacks an image name or a caption"),
        ("c.jsonl", '{"image": 7, "caption": "một"}', "line 1: it lacks an image name"),
        ("c.jsonl", '{"image": "a.jpg", "captions": []}', "line 1: it has an empty list"),
        ("c.jsonl", '{"image": "a.jpg", "text": ["một", ""]}', "line 1: the caption is empty"),
        ("c.jsonl", '{"image": "a.jpg", "text": "\\ud83d"}', "line 1: it holds a broken"),
        ("c.tsv", b"a.jpg\tm\nb.jpg\t\xff\n", "line 2: it is not UTF-8 text"),
        ("c.tsv", "a.jpg\tmột\n".encode("utf-16"), "line 1: it is not UTF-8 text"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_line(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(CaptionsError, match=message) as caught:
        read_captions(write(tmp_path, name, content))
    assert str(caught.value).startswith(name)
    assert str(caught.value).endswith(".")


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CaptionsError, match=r"nothing\.tsv cannot be read: .+\."):
        read_captions(tmp_path / "nothing.tsv")
    with pytest.raises(CaptionsError, match="cannot be read"):
        read_captions(tmp_path)


CONTENTS = st.one_of(
    st.binary(),
    st.text().map(lambda text: text.encode("utf-8")),
    st.text('ab;\t\n\r"{}[]:,\\u0 ăđ\ufeff\x00').map(lambda text: text.encode("utf-8")),
)


@given(CONTENTS, st.sampled_from(SUFFIXES))
def test_any_bytes_are_captions_or_a_captions_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    path = write(tmp_path_factory.getbasetemp(), f"any{suffix}", content)
    try:
        captions = read_captions(path)
    except CaptionsError:
        return
    assert captions
    assert all(caption.image.strip() and caption.text.strip() for caption in captions)


LINE = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1)


@given(st.lists(st.tuples(LINE, LINE), min_size=1))
def test_json_lines_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    lines = [json.dumps({"image": image, "caption": text}) for image, text in pairs]
    path = write(tmp_path_factory.getbasetemp(), "round.jsonl", "\n".join(lines))
    header = [pair for pair in pairs[:1] if pair[1].lower() in ("caption", "captions", "text")]
    assert read_captions(path)[-1] == Caption(*pairs[-1]) or header == pairs


def test_images_are_found_by_path_first_and_by_unique_name_next() -> None:
    available = {"a/1.jpg": 1, "b/1.jpg": 2, "b/2.jpg": 3, "3.jpg": 4}
    names = ["b/1.jpg", "2.jpg", "x/3.jpg", "./a/1.jpg", "b\\2.jpg"]
    matches = match_images([Caption(name, "một") for name in names], available)
    assert [photo for _, photo in matches.pairs] == [2, 3, 4, 1, 3]
    assert [caption.image for caption, _ in matches.pairs] == names
    assert matches.missing == matches.ambiguous == []


def test_missing_and_ambiguous_images_are_reported_once_each() -> None:
    captions = [Caption(name, "một") for name in ["1.jpg", "9.jpg", "2.jpg", "9.jpg", "1.jpg"]]
    matches = match_images(captions, {"a/1.jpg": 1, "b/1.jpg": 2, "2.jpg": 3})
    assert matches.pairs == [(captions[2], 3)]
    assert matches.missing == ["9.jpg"]
    assert matches.ambiguous == ["1.jpg"]


def test_composed_and_decomposed_names_are_one() -> None:
    composed, decomposed = (unicodedata.normalize(form, "ảnh tết.jpg") for form in FORMS)
    assert match_images([Caption(composed, "một")], {f"thư mục/{decomposed}": 1}).pairs
    assert match_images([Caption(decomposed, "một")], {composed: 1}).pairs


def test_names_that_differ_in_composition_only_are_told_apart_by_their_exact_spelling() -> None:
    composed, decomposed = (unicodedata.normalize(form, "tết.jpg") for form in FORMS)
    captions = [Caption(composed, "một"), Caption(decomposed, "hai")]
    matches = match_images(captions, {decomposed: 2, composed: 1})
    assert [photo for _, photo in matches.pairs] == [1, 2]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("captions", "images", "count", "photos"),
    [
        ("flickr8k/captions_vi_dev.tsv", "flickr8k/images", 1000, 1000),
        ("flickr8k/captions_vi_native_dev.tsv", "flickr8k/images", 120, 24),
        ("uit-viic/captions_vi.tsv", "uit-viic/images", 13374, 2676),
    ],
)
def test_the_reference_captions_are_read_and_all_have_photos(
    captions: str, images: str, count: int, photos: int
) -> None:
    if not (DATA / captions).exists():
        pytest.skip(f"{DATA / captions} is not on this machine")
    read = read_captions(DATA / captions)
    available = {path.name: path for path in (DATA / images).iterdir()}
    matches = match_images(read, available)
    assert len(matches.pairs) == len(read) == count
    assert len({path for _, path in matches.pairs}) == photos
