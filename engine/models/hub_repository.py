"""What a repository of the Hugging Face hub holds, and what it says of itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Self

from engine.errors import DownloadError
from engine.models.checkpoint import CheckpointFile, HubFile
from engine.models.downloading.hub import explain, own_token

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo, RepoSibling

TIMEOUT_SECONDS = 20.0  # without a byte
_LANGUAGE = re.compile(r"[a-z]{2,3}")  # a card may also say "multilingual"


@dataclass(frozen=True)
class HubRepository:
    """A repository at one moment.

    Attributes:
        name: as the hub calls it today.
        files: by their paths, with sizes and, for large ones, hashes.
        licence: as its card says; None where it does not.
        languages: ISO 639 codes of its card; empty where it has none.
    """

    name: str
    files: Mapping[str, CheckpointFile]
    licence: str | None
    languages: tuple[str, ...]

    @classmethod
    def asked(cls, name: str) -> Self:
        """Ask the hub, which HF_ENDPOINT may name, with the user's token where there is one.

        Args:
            name: such as "timm/ViT-B-16-SigLIP2".

        Raises:
            DownloadError: the hub is out of reach, or has no such repository for this user.
        """
        from huggingface_hub import model_info
        from huggingface_hub.errors import HfHubHTTPError

        token = own_token()
        try:
            found = model_info(name, files_metadata=True, timeout=TIMEOUT_SECONDS, token=token)
        except HfHubHTTPError as error:
            answer = error.response
            raise explain(name, answer.status_code, answer.headers) or _unasked(
                name, error
            ) from error
        except Exception as error:  # there is no telling what a network leads to
            raise _unasked(name, error) from error
        card = found.card_data
        licence = getattr(card, "license", None)
        return cls(
            name=found.id,
            files={each.rfilename: _file(found, each) for each in found.siblings or ()},
            licence=licence if isinstance(licence, str) else None,  # cards say anything
            languages=_languages(getattr(card, "language", None)),
        )

    def __contains__(self, path: str) -> bool:
        return path in self.files

    def first_of(self, paths: Sequence[str], name: str | None = None) -> CheckpointFile:
        """The first of these that is there.

        Args:
            paths: within the repository, the preferred one first.
            name: what to call it in the checkpoint's folder; None leaves its name.

        Raises:
            DownloadError: there is none.
        """
        found = next((self.files[path] for path in paths if path in self.files), None)
        if found is None:
            raise DownloadError(f"{self.name} holds no {' or '.join(paths)}.")
        hub = found.hub
        return CheckpointFile(name or found.name, (), hub, found.sha256, found.size)


def _unasked(name: str, error: Exception) -> DownloadError:
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return DownloadError(f"The hub could not be asked for {name}: {reason}")


def _file(found: "ModelInfo", sibling: "RepoSibling") -> CheckpointFile:
    path = sibling.rfilename
    return CheckpointFile(
        name=PurePosixPath(path).name,
        hub=HubFile(found.id, path, found.sha or "main"),
        sha256=sibling.lfs.sha256 if sibling.lfs else None,
        size=sibling.size,
    )


def _languages(said: str | Sequence[str] | None) -> tuple[str, ...]:
    codes = [said] if isinstance(said, str) else said or ()
    return tuple(code for code in codes if isinstance(code, str) and _LANGUAGE.fullmatch(code))
