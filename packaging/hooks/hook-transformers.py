# In place of PyInstaller's own, which takes in the metadata of whatever is installed.
from bundle import left_out
from PyInstaller.utils.hooks import collect_submodules

module_collection_mode = "pyz+py"  # it finds its models by listing a folder of sources


def wanted(name: str) -> bool:
    return name not in OUT and ".convert_" not in name


OUT = {name for name in left_out() if name.startswith("transformers.")}
hiddenimports = collect_submodules("transformers.models", filter=wanted)
