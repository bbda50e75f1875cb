# In place of PyInstaller's own, which takes in the tests, the headers and what builds extensions.
from pathlib import Path

from bundle import LEFT_OUT_LIBRARIES, LEFT_OUT_MODULES
from PyInstaller.utils.hooks import (
    PY_DYLIB_PATTERNS,
    collect_dynamic_libs,
    collect_submodules,
    get_package_paths,
)

module_collection_mode = "pyz+py"  # torch reads some of its own sources while it is imported
warn_on_missing_hiddenimports = False


# Taken in as far as others import them: what tests torch itself, what has a newer name, and what
# does not come without further packages.
ON_DEMAND = (
    "torch.testing._internal",
    "torch.test.",
    "torch.distributed._sharded_tensor",
    "torch.distributed._sharding_spec",
    "torch.distributed._shard.checkpoint",
    "torch._vendor.quack",
)


def wanted(name: str) -> bool:
    return not name.startswith((*LEFT_OUT_MODULES, *ON_DEMAND))


hiddenimports = collect_submodules("torch", filter=wanted)
libraries = collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
binaries = [
    (source, folder)
    for source, folder in libraries
    if not LEFT_OUT_LIBRARIES.search(source) and "/test/" not in Path(source).as_posix()
]
# torch does not start without this one, wherever it has it.
manager = Path(get_package_paths("torch")[1]) / "bin" / "torch_shm_manager"
if manager.is_file():
    binaries.append((str(manager), "torch/bin"))
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]  # torch looks for libraries beside its own
