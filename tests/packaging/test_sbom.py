"""The list of contents follows CycloneDX and is the same for the same contents."""

import json
from typing import Any

import pytest

from tests.packaging.tools import VERSION, loaded

contents = loaded("contents")
sbom = loaded("sbom")

PARTS = [
    contents.Component("Python", "3.11.7", "PSF-2.0", {"LICENSE.txt": "…"}, "generic"),
    contents.Component(
        "pillow", "13.0.0", "MIT-CMU", {}, "pypi", (("libXau", "pkg:rpm/almalinux/libXau@1.0.9"),)
    ),
    contents.Component("zlib1g", "1:1.2.13", "Zlib, see the text", {}, "deb"),
]


@pytest.fixture(autouse=True)
def at_a_fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def listed() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(sbom.bill(PARTS))
    return made


def test_it_is_cyclonedx_about_this_version() -> None:
    made = listed()
    assert made["bomFormat"] == "CycloneDX"
    assert made["specVersion"] == "1.6"
    assert made["metadata"]["component"]["name"] == "anhoi"
    assert made["metadata"]["component"]["version"] == VERSION
    assert made["metadata"]["timestamp"].startswith("2023-11-14")


def test_every_component_has_its_address_and_licence() -> None:
    by_name = {one["name"]: one for one in listed()["components"]}
    assert by_name["pillow"]["purl"] == "pkg:pypi/pillow@13.0.0"
    assert by_name["pillow"]["licenses"] == [{"license": {"id": "MIT-CMU"}}]
    assert by_name["pillow"]["components"][0]["purl"] == "pkg:rpm/almalinux/libXau@1.0.9"
    assert by_name["zlib1g"]["purl"].startswith("pkg:deb/debian/zlib1g@1")
    assert by_name["zlib1g"]["licenses"] == [{"license": {"name": "Zlib, see the text"}}]


def test_the_program_depends_on_all_of_them() -> None:
    made = listed()
    (own,) = [one for one in made["dependencies"] if one["ref"] == "anhoi"]
    assert set(own["dependsOn"]) == {one["bom-ref"] for one in made["components"]}


def test_the_same_contents_make_the_same_list() -> None:
    assert sbom.bill(PARTS) == sbom.bill(PARTS)
    assert sbom.bill(PARTS) != sbom.bill(PARTS[:2])
