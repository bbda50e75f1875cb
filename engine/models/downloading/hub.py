"""Files on the Hugging Face hub: in the user's cache already, or where to fetch them."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from engine.errors import DownloadError
from engine.models.checkpoint import CheckpointFile, HubFile
from engine.models.downloading.source import Source


def cached(file: HubFile) -> Path | None:
    """The file in the user's Hugging Face cache; the network is not asked."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(file.repository, file.path, revision=file.revision)
    except HFValidationError as error:
        raise DownloadError(f"“{file.repository}” is no name of the Hugging Face hub.") from error
    return Path(found).resolve() if isinstance(found, str) else None


def sources_of(file: CheckpointFile) -> list[Source]:
    """All addresses of a file, in the order they are asked: the hub's, then the others.

    Raises:
        DownloadError: the hub is the only one, and HF_HUB_OFFLINE forbids to ask it.
    """
    others = [Source(url) for url in file.urls]
    if file.hub is None:
        return others
    try:
        return [_hub_source(file.hub), *others]
    except DownloadError:
        if not others:
            raise
        return others


def _hub_source(file: HubFile) -> Source:
    """Where the hub has it: at HF_ENDPOINT, asked with the user's token where there is one."""
    from huggingface_hub import constants, hf_hub_url

    if constants.is_offline_mode():
        raise DownloadError(
            f"{file.path} of {file.repository} is not in the Hugging Face cache, and "
            "HF_HUB_OFFLINE forbids to fetch it: unset it and download again."
        )
    url = hf_hub_url(file.repository, file.path, revision=file.revision)
    token = own_token()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Source(url, headers, partial(_explain, file))


def own_token() -> str | None:
    """The user's token: HF_TOKEN, or what huggingface_hub keeps.

    Raises:
        DownloadError: it has letters that no token has.
    """
    from huggingface_hub import get_token

    token = get_token()
    if token and not token.isascii():
        raise _wrong_token()
    return token


def _wrong_token() -> DownloadError:
    return DownloadError(
        "The hub does not accept your token (HF_TOKEN, or what “hf auth login” has kept): correct "
        "or remove it, and download again."
    )


def _explain(file: HubFile, code: int, headers: Mapping[str, str]) -> DownloadError | None:
    fault, repository = headers.get("X-Error-Code"), file.repository
    if fault == "EntryNotFound":
        return DownloadError(f"{repository} holds no file {file.path}: update Ảnh Ơi.")
    if fault == "RevisionNotFound":
        return DownloadError(f"{repository} has no revision {file.revision}: update Ảnh Ơi.")
    return explain(repository, code, headers)


def explain(repository: str, code: int, headers: Mapping[str, str]) -> DownloadError | None:
    """Why the hub refuses a repository, from its answer's code and headers; None: as usual."""
    from huggingface_hub import constants

    fault = headers.get("X-Error-Code")
    if fault == "GatedRepo":
        return DownloadError(
            f"{repository} is only for those who accept its terms: do so on "
            f"{constants.ENDPOINT}/{repository}, set HF_TOKEN to your token, and download again."
        )
    if fault is None and code == 401 and own_token():
        return _wrong_token()
    if fault == "RepoNotFound" or code == 401:
        return DownloadError(
            f"{repository} is not on the hub, or not for everyone: if you may see it, set HF_TOKEN "
            "to your token, and download again."
        )
    return None
