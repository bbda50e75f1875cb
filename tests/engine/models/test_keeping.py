import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.models.checkpoint import CheckpointFile
from engine.models.download import download
from engine.models.keeping import Files, Keeping, keeping
from tests.engine.models.site import Site, serving


@dataclass(frozen=True)
class Lens:
    """Another kind of thing that can be downloaded."""

    name: str
    files: tuple[CheckpointFile, ...]


def _turned(files: Files, folder: Path) -> Files:
    """Stands for what makes something else of the downloads."""
    content = (folder / "w").read_bytes()[::-1]
    (folder / "turned").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return {"w": CheckpointFile("turned", sha256=sha256, size=len(content), made_from=files["w"])}


def test_another_kind_of_record_says_itself_how_it_is_kept(site: Site, tmp_path: Path) -> None:
    site.answers["/w"] = serving(b"abc")
    lens = Lens("lens", (CheckpointFile("w", (f"{site.address}/w",)),))
    with pytest.raises(TypeError, match="Lens"):
        list(download(lens, tmp_path))
    kept: dict[Path, Files] = {}

    @keeping.register
    def _(record: Lens) -> Keeping:
        return Keeping(
            installed=lambda folder: tuple(kept.get(folder, {}).values()),
            install=lambda files, folder: kept.update({folder: files}),
            convert=_turned,
        )

    reports = list(download(lens, tmp_path))
    assert "converting" in {report.step for report in reports}
    assert kept[tmp_path / "lens"]["w"].name == "turned"
    assert (tmp_path / "lens" / "turned").read_bytes() == b"cba"
    list(download(lens, tmp_path))
    assert site.asked == ["/w"]
