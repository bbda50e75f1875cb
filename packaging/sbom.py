"""Write the list of what the built program contains (SBOM), in CycloneDX's JSON.

    python packaging/sbom.py dist/anhoi    writes sbom.cdx.json there

With SOURCE_DATE_EPOCH set, the same contents make the same file.
"""

import os
import sys
import time
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from contents import Component, components
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as Entry
from cyclonedx.model.component import ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
FILE = "sbom.cdx.json"


def bill(parts: Sequence[Component]) -> str:
    """The list as JSON.

    Raises:
        SystemExit: it does not follow CycloneDX's schema.
    """
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    program = Entry(name="anhoi", version=version, type=ComponentType.APPLICATION, bom_ref="anhoi")
    program.licenses.add(LicenseFactory().make_from_string("Apache-2.0"))
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, repr((version, parts))))
    bom.metadata.component = program
    bom.metadata.timestamp = datetime.fromtimestamp(
        int(os.environ.get("SOURCE_DATE_EPOCH", time.time())), UTC
    )
    entries = [_entry(part) for part in parts]
    for entry in entries:
        bom.components.add(entry)
    bom.register_dependency(program, entries)
    written = JsonV1Dot6(bom).output_as_string(indent=2)
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(written):
        raise SystemExit(f"The list does not follow CycloneDX's schema: {fault.data}")
    return written


def _entry(part: Component) -> Entry:
    namespace = "debian" if part.kind == "deb" else None
    address = PackageURL(part.kind, namespace, part.name.lower(), part.version)
    entry = Entry(
        name=part.name,
        version=part.version,
        type=ComponentType.LIBRARY,
        purl=address,
        bom_ref=str(address),
    )
    entry.licenses.add(LicenseFactory().make_from_string(part.licence))
    for name, inner in part.libraries:
        inside = PackageURL.from_string(inner)
        entry.components.add(
            Entry(name=name, version=inside.version, purl=inside, bom_ref=f"{address}#{inner}")
        )
    return entry


def main(folder: Path) -> None:
    parts = components(folder)
    (folder / FILE).write_text(bill(parts) + "\n", "utf-8")
    print(f"{folder / FILE}: {len(parts)} components")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
