"""A Hugging Face hub on this machine: as much of its API as downloads and look-ups need.

with HubSite() as hub:
    hub.use(monkeypatch, tmp_path)      # HF_ENDPOINT, an empty cache and no token for this test
    commit = hub.add("maker/model", {"model.safetensors": content, "config.json": b"{}"})
    ...                                 # hf_hub_url, HfApi().model_info, our own download()
    assert hub.asked == ["/maker/model/resolve/main/config.json"]

`hub.fill_cache(...)` puts a file where an earlier download through huggingface_hub would have
left it; `hub.gated`, `hub.private` and `hub.token` say who may read. Files whose names end in
.safetensors, .bin, .pt, .pth, .onnx, .spm or .model lie in large-file storage, as on the real
hub: their address redirects to another one and tells size and SHA-256 in its headers.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote, urlsplit

import huggingface_hub
import pytest
from huggingface_hub import constants

from tests.engine.models.site import Answer, Site, serving

LARGE = (".safetensors", ".bin", ".pt", ".pth", ".onnx", ".spm", ".model")


@dataclass(frozen=True)
class _File:
    content: bytes
    large: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def git_id(self) -> str:
        return hashlib.sha1(b"blob %d\0%b" % (len(self.content), self.content)).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.large else self.git_id


class HubSite(Site):
    """A hub, while the block runs.

    Attributes:
        gated: repositories whose terms have to be accepted; nobody has.
        private: repositories that only `token` may read.
        token: of the one user who may.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gated: set[str] = set()
        self.private: set[str] = set()
        self.token = "hf_of_a_user"
        self.storage = f"http://localhost:{self.server.server_port}"  # another host, as really
        self._files: dict[str, dict[str, _File]] = {}
        self._commits: dict[str, str] = {}

    def use(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        """Make this the hub of the test, with a cache of its own below `folder` and no token."""
        cache, template = folder / "hf" / "hub", "/{repo_id}/resolve/{revision}/{filename}"
        for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_OFFLINE"):
            monkeypatch.delenv(name, raising=False)
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HF_ENDPOINT", self.address)
        monkeypatch.setattr(constants, "ENDPOINT", self.address)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", self.address + template)
        monkeypatch.setattr(huggingface_hub.hf_api.api, "endpoint", self.address)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(folder / "hf" / "token"))
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)

    def add(self, repository: str, files: Mapping[str, bytes]) -> str:
        """Put files into a repository; the commit is named."""
        kept = self._files.setdefault(repository, {})
        for path, content in files.items():
            kept[path] = _File(content, path.endswith(LARGE))
        listed = repr([(path, file.etag) for path, file in sorted(kept.items())])
        self._commits[repository] = hashlib.sha1(listed.encode()).hexdigest()
        return self._commits[repository]

    def fill_cache(self, repository: str, path: str) -> Path:
        """Put a file into the user's cache, blob and link, as huggingface_hub leaves it."""
        file, commit = self._files[repository][path], self._commits[repository]
        folder = Path(constants.HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}"
        blob, link = folder / "blobs" / file.etag, folder / "snapshots" / commit / path
        for each in (blob.parent, link.parent, folder / "refs"):
            each.mkdir(parents=True, exist_ok=True)
        blob.write_bytes(file.content)
        (folder / "refs" / "main").write_text(commit)
        link.symlink_to(os.path.relpath(blob, link.parent))
        return link

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = urlsplit(handler.path).path
        self.answers.get(path, self._hub_answer(path, handler))(handler)

    def _hub_answer(self, path: str, handler: BaseHTTPRequestHandler) -> Answer:
        before, _, after = path.removeprefix("/api/models").partition("/resolve/")
        repository, _, rest = before[1:].partition("/revision/")
        repository, _, tree = repository.partition("/tree/")
        if path.startswith("/storage/"):
            return self._stored(path.removeprefix("/storage/"))
        if refused := self._refusal(repository, handler):
            return refused
        revision = unquote(after.partition("/")[0] or rest or tree or "main")
        if revision not in ("main", self._commits[repository]):
            return _saying(404, {}, x_error_code="RevisionNotFound")
        if path.startswith("/api/models/"):
            content = self._tree(repository) if tree else self._info(repository)
            return _saying(200, content)
        return self._resolved(repository, unquote(after.partition("/")[2]))

    def _refusal(self, repository: str, handler: BaseHTTPRequestHandler) -> Answer | None:
        known = handler.headers.get("Authorization") == f"Bearer {self.token}"
        if repository not in self._files or (repository in self.private and not known):
            return _saying(404 if known else 401, {}, x_error_code="RepoNotFound")
        if repository in self.gated:
            return _saying(403 if known else 401, {}, x_error_code="GatedRepo")
        return None

    def _resolved(self, repository: str, path: str) -> Answer:
        file = self._files[repository].get(path)
        commit = self._commits[repository]
        if file is None:
            return _saying(404, {}, x_error_code="EntryNotFound", x_repo_commit=commit)
        if not file.large:
            return serving(file.content, ETag=f'"{file.etag}"', X_Repo_Commit=commit)
        return _saying(
            302,
            {},
            x_repo_commit=commit,
            x_linked_size=str(len(file.content)),
            x_linked_etag=f'"{file.etag}"',
            location=f"{self.storage}/storage/{file.sha256}",
        )

    def _stored(self, sha256: str) -> Answer:
        files = (file for each in self._files.values() for file in each.values())
        file = next(file for file in files if file.sha256 == sha256)
        return serving(file.content, ETag=f'"{sha256}"')

    def _info(self, repository: str) -> object:
        return {
            "_id": "0",
            "id": repository,
            "modelId": repository,
            "sha": self._commits[repository],
            "private": repository in self.private,
            "gated": "manual" if repository in self.gated else False,
            "tags": [],
            "siblings": [
                {
                    "rfilename": path,
                    "size": len(file.content),
                    "blobId": file.git_id,
                    **({"lfs": _pointer(file)} if file.large else {}),
                }
                for path, file in self._files[repository].items()
            ],
        }

    def _tree(self, repository: str) -> object:
        return [
            {
                "type": "file",
                "path": path,
                "size": len(file.content),
                "oid": file.git_id,
                **({"lfs": _pointer(file) | {"oid": file.sha256}} if file.large else {}),
            }
            for path, file in self._files[repository].items()
        ]


def _pointer(file: _File) -> dict[str, object]:
    return {"sha256": file.sha256, "size": len(file.content), "pointerSize": 134}


def _saying(code: int, content: object, **headers: str) -> Answer:
    body = json.dumps(content).encode()

    def say(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        if handler.command == "GET":
            handler.wfile.write(body)

    return say
