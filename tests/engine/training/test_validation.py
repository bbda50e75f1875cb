from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from engine.errors import TrainingError
from engine.training.data import Source, squashed
from engine.training.teacher import TeacherEmbeddings
from engine.training.validation import HeldOut, Questions, hold_out, measure, recalls_of


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "ảnh"
    folder.mkdir()
    for number, name in enumerate("abc"):
        Image.new("RGB", (8, 8), (80 * number, 0, 0)).save(folder / f"{name}.png")
    return folder


def asked(path: Path, images: Path, lines: list[str]) -> Source:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return Source(path, images)


def test_each_file_asks_by_itself_and_vietnamese_without_marks_too(
    images: Path, tmp_path: Path
) -> None:
    vietnamese = asked(tmp_path / "vi.tsv", images, ["b.png\tcon chó", "b.png\tchó nâu đẹp"])
    english = asked(tmp_path / "en.tsv", images, ["c.png\ta cat", "a.png\ta ball"])
    held_out = hold_out([vietnamese, english], None, squashed(4))
    assert held_out.pixels[:, 0, 0, 0].tolist() == [0, 80, 160]
    told = [(q.name, q.source, q.marks, list(q.texts)) for q in held_out.questions]
    assert told == [
        ("vi", "vi", True, ["con chó", "chó nâu đẹp"]),
        ("vi without marks", "vi", False, ["con cho", "cho nau dep"]),
        ("en", "en", True, ["a ball", "a cat"]),
    ]
    assert [q.relevant.tolist() for q in held_out.questions] == [[1, 1], [1, 1], [0, 2]]


def test_files_of_one_language_have_names_of_their_own(images: Path, tmp_path: Path) -> None:
    lines = ["a.png\ta ball", "b.png\ta dog"]
    sources = [
        asked(tmp_path / name, images, lines) for name in ("x/c.tsv", "y/c.tsv", "other.tsv")
    ]
    named = [(q.name, q.source) for q in hold_out(sources, None, squashed(4)).questions]
    assert named == [("en c 1", "c 1"), ("en c 2", "c 2"), ("en other", "other")]


def test_the_teacher_of_the_held_out_photos_is_that_of_whole_ones(
    images: Path, tmp_path: Path
) -> None:
    names = ("ảnh/c.png", "ảnh/a.png")
    embeddings = np.arange(4, dtype=np.float16).reshape(2, 1, 2)
    teacher = TeacherEmbeddings(tmp_path / "t.npy", names, embeddings, None, None, ("net",))
    source = asked(tmp_path / "c.tsv", images, ["a.png\ta ball", "c.png\ta cat"])
    held_out = hold_out([source], teacher, squashed(4))
    assert held_out.teacher is not None
    assert held_out.teacher.tolist() == [[2, 3], [0, 1]]
    assert held_out.teacher.dtype == np.float32
    assert held_out.networks == ("net",)


class ThreeTexts(nn.Module):
    """Its texts point along the axes."""

    def __init__(self) -> None:
        super().__init__()
        self.logit_scale = nn.Parameter(torch.zeros(()))

    def embed_images(self, pixels: Tensor) -> Tensor:
        raise NotImplementedError

    def embed_texts(self, ids: Tensor) -> Tensor:
        return torch.eye(3)[ids]


def test_recalls_are_not_rounded() -> None:
    asked = Questions("vi", "vi", "c", ["0", "1", "2"], np.arange(3))
    held_out = HeldOut(np.zeros((3, 4, 4, 3), np.uint8), [asked])
    found = recalls_of(
        ThreeTexts(),
        lambda texts: (torch.tensor([int(text) for text in texts]),),
        squashed(4),
        held_out,
        torch.eye(3)[[0, 2, 1]],
    )
    assert found == {"vi R@1": pytest.approx(100 / 3, abs=1e-9), "vi R@10": 100}


def test_embeddings_that_are_no_numbers_are_told() -> None:
    with pytest.raises(TrainingError, match="the weights have diverged"):
        measure(torch.full((1, 2), torch.nan), torch.ones(1, 2), np.zeros(1, np.int64))
