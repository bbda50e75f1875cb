import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from huggingface_hub import HfApi, close_session, constants, hf_hub_download

from engine.errors import DownloadError
from engine.models.checkpoint import Checkpoint, CheckpointFile, HubFile
from engine.models.download import download
from engine.models.hub_repository import HubRepository
from engine.models.installed import read_record
from tests.engine.models.conftest import SHA256, WEIGHTS
from tests.engine.models.hub_site import HubSite
from tests.engine.models.site import Site, refusing, serving

NAME = "w.safetensors"
REPOSITORY = "maker/model"


@pytest.fixture
def hub(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubSite]:
    with HubSite() as hub:
        hub.use(monkeypatch, tmp_path)
        hub.add(REPOSITORY, {NAME: WEIGHTS, "config.json": b"{}"})
        yield hub


@pytest.fixture
def on_the_hub(checkpoint: Checkpoint, hub: HubSite) -> Checkpoint:
    return replace(
        checkpoint,
        weights=CheckpointFile(NAME, hub=HubFile(REPOSITORY, NAME)),
        tokenizer=CheckpointFile("network.json", hub=HubFile(REPOSITORY, "config.json")),
    )


def refused(checkpoint: Checkpoint, parent: Path) -> str:
    with pytest.raises(DownloadError) as error:
        list(download(checkpoint, parent))
    assert "\n" not in str(error.value)
    assert not parent.exists() or not list(parent.rglob(NAME))
    return str(error.value)


def test_files_are_fetched_with_one_question_each_and_their_published_hashes(
    on_the_hub: Checkpoint, hub: HubSite, parent: Path
) -> None:
    list(download(on_the_hub, parent))
    assert (parent / "mine" / NAME).read_bytes() == WEIGHTS
    assert hub.asked == [
        f"/{REPOSITORY}/resolve/main/{NAME}",
        f"/storage/{SHA256}",
        f"/{REPOSITORY}/resolve/main/config.json",
    ]
    assert hub.headed == []
    assert read_record(parent / "mine").weights.sha256 == SHA256


def test_a_revision_is_asked_for(on_the_hub: Checkpoint, hub: HubSite, parent: Path) -> None:
    commit = HfApi().model_info(REPOSITORY).sha or ""
    close_session()
    for revision in (commit, "nowhere"):
        weights = CheckpointFile(NAME, hub=HubFile(REPOSITORY, NAME, revision))
        record = replace(on_the_hub, name=f"at-{revision[:7]}", weights=weights)
        if revision == commit:
            list(download(record, parent))
        else:
            with pytest.raises(DownloadError, match="has no revision nowhere"):
                list(download(record, parent))


def test_what_the_hub_says_of_a_file_is_believed_and_checked(
    on_the_hub: Checkpoint, hub: HubSite, parent: Path
) -> None:
    hub.answers[f"/storage/{SHA256}"] = serving(WEIGHTS[::-1])
    assert "is damaged or another file" in refused(on_the_hub, parent)


def test_another_file_than_the_table_has_is_refused_before_it_arrives(
    on_the_hub: Checkpoint, hub: HubSite, parent: Path
) -> None:
    weights = replace(on_the_hub.weights, sha256="0" * 64)
    assert "another file by now" in refused(replace(on_the_hub, weights=weights), parent)


def test_the_token_goes_to_the_hub_alone(
    on_the_hub: Checkpoint, hub: HubSite, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.private.add(REPOSITORY)
    assert "is not on the hub, or not for everyone" in refused(on_the_hub, parent)
    assert hub.requests[-1]["Authorization"] is None
    hub.asked.clear()
    hub.requests.clear()
    monkeypatch.setenv("HF_TOKEN", hub.token)
    list(download(on_the_hub, parent))
    asked = dict(zip(hub.asked, hub.requests, strict=True))
    assert asked[f"/{REPOSITORY}/resolve/main/{NAME}"]["Authorization"] == f"Bearer {hub.token}"
    assert asked[f"/storage/{SHA256}"]["Authorization"] is None


def test_a_token_that_the_hub_does_not_know_is_told(
    on_the_hub: Checkpoint, hub: HubSite, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (f"/{REPOSITORY}/resolve/main/{NAME}", f"/api/models/{REPOSITORY}"):
        hub.answers[path] = refusing(401)
    for token in ("hf_of_nobody", "hf_của_tôi"):
        monkeypatch.setenv("HF_TOKEN", token)
        assert "does not accept your token" in refused(on_the_hub, parent)
        with pytest.raises(DownloadError, match="does not accept your token"):
            HubRepository.asked(REPOSITORY)
    close_session()


def test_a_gated_model_says_where_its_terms_are(
    on_the_hub: Checkpoint, hub: HubSite, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.gated.add(REPOSITORY)
    for token in ("", hub.token):
        monkeypatch.setenv("HF_TOKEN", token)
        sentence = refused(on_the_hub, parent)
        assert f"accept its terms: do so on {hub.address}/{REPOSITORY}" in sentence


def test_what_is_not_on_the_hub_is_a_sentence(
    on_the_hub: Checkpoint, hub: HubSite, parent: Path
) -> None:
    for hub_file, reason in (
        (HubFile("maker/nothing", NAME), "maker/nothing is not on the hub"),
        (HubFile(REPOSITORY, "nothing.bin"), f"{REPOSITORY} holds no file nothing.bin"),
        (HubFile("no name", NAME), "“no name” is no name of the Hugging Face hub"),
    ):
        weights = CheckpointFile(NAME, hub=hub_file)
        assert reason in refused(replace(on_the_hub, weights=weights), parent)


def test_addresses_elsewhere_are_asked_after_the_hub(
    on_the_hub: Checkpoint, hub: HubSite, site: Site, parent: Path
) -> None:
    hub.answers[f"/{REPOSITORY}/resolve/main/{NAME}"] = refusing(404)
    weights = replace(on_the_hub.weights, urls=(f"{site.address}/w",))
    list(download(replace(on_the_hub, weights=weights), parent))
    assert site.asked == ["/w"]


def test_a_file_of_the_users_cache_is_used_without_the_network_and_lies_there_once(
    on_the_hub: Checkpoint, hub: HubSite, parent: Path
) -> None:
    cached = hf_hub_download(REPOSITORY, NAME), hf_hub_download(REPOSITORY, "config.json")
    close_session()
    hub.asked.clear()
    list(download(on_the_hub, parent))
    assert hub.asked == []
    ours = parent / "mine" / NAME
    assert not ours.is_symlink()
    assert os.path.samefile(ours, cached[0])
    assert {path.name for path in (parent / "mine").iterdir()} == {
        NAME,
        "network.json",
        "checkpoint.json",
    }
    for path in cached:
        Path(path).resolve().unlink()
    assert ours.read_bytes() == WEIGHTS


def test_a_file_of_the_cache_that_cannot_take_its_place_is_a_sentence(
    on_the_hub: Checkpoint, hub: HubSite, parent: Path
) -> None:
    hub.fill_cache(REPOSITORY, NAME)
    (parent / "mine" / NAME).mkdir(parents=True)
    with pytest.raises(DownloadError, match=f"{NAME} cannot be written"):
        list(download(on_the_hub, parent))


def test_the_cache_is_used_where_the_network_is_forbidden(
    on_the_hub: Checkpoint, hub: HubSite, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    hub.fill_cache(REPOSITORY, NAME)
    with pytest.raises(DownloadError, match=r"config\.json of .* HF_HUB_OFFLINE forbids"):
        list(download(on_the_hub, parent))
    hub.fill_cache(REPOSITORY, "config.json")
    list(download(on_the_hub, parent))
    assert hub.asked == []


def test_addresses_elsewhere_are_asked_where_only_the_hub_is_forbidden(
    on_the_hub: Checkpoint,
    hub: HubSite,
    site: Site,
    parent: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    weights = replace(on_the_hub.weights, urls=(f"{site.address}/w",))
    list(download(replace(on_the_hub, weights=weights, tokenizer=None), parent))
    assert (site.asked, hub.asked) == (["/w"], [])


def test_a_damaged_file_of_the_cache_is_left_alone_and_fetched(
    on_the_hub: Checkpoint, hub: HubSite, parent: Path
) -> None:
    blob = hub.fill_cache(REPOSITORY, NAME).resolve()
    for damaged in (WEIGHTS[::-1], b"short"):
        blob.write_bytes(damaged)
        weights = replace(on_the_hub.weights, sha256=SHA256, size=len(WEIGHTS))
        record = replace(on_the_hub, name=f"of-{len(damaged)}", weights=weights)
        list(download(record, parent))
        assert (parent / record.name / NAME).read_bytes() == WEIGHTS
        assert blob.read_bytes() == damaged


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    memory = Path("/dev/shm")  # Linux has this one
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk")
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def test_a_cache_on_another_disk_is_copied_from(
    on_the_hub: Checkpoint,
    hub: HubSite,
    parent: Path,
    other_disk: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(other_disk))
    cached = hub.fill_cache(REPOSITORY, NAME)
    list(download(replace(on_the_hub, tokenizer=None), parent))
    assert hub.asked == []
    assert (parent / "mine" / NAME).read_bytes() == WEIGHTS == cached.read_bytes()


def test_the_users_own_settings_are_read_where_they_are_set_before_the_start(
    hub: HubSite, tmp_path: Path
) -> None:
    asked = (
        "from engine.models.downloading.hub import sources_of\n"
        "from engine.models.checkpoint import CheckpointFile, HubFile\n"
        f"[source] = sources_of(CheckpointFile('w', hub=HubFile('{REPOSITORY}', '{NAME}')))\n"
        "print(source.url, source.headers)"
    )
    own = {"HF_ENDPOINT": "http://mirror.example", "HF_TOKEN": "hf_mine"}
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"http://mirror.example/{REPOSITORY}/resolve/main/{NAME}" in told.stdout
    assert "Bearer hf_mine" in told.stdout


def test_nothing_is_asked_at_import(hub: HubSite) -> None:
    program = (
        "import sys, socket\n"
        "def refuse(*_): raise AssertionError('asked')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "import engine.models.download, engine.models.downloading.hub\n"
        "print([name for name in ('torch', 'httpx2', 'huggingface_hub') if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_the_hub_of_the_tests_has_what_it_says(hub: HubSite) -> None:
    info = HfApi().model_info(REPOSITORY, files_metadata=True)
    tree = list(HfApi().list_repo_tree(REPOSITORY))
    close_session()
    assert {file.rfilename: file.size for file in info.siblings or []} == {
        NAME: len(WEIGHTS),
        "config.json": 2,
    }
    assert len(tree) == 2
    assert hashlib.sha256(WEIGHTS).hexdigest() == SHA256
