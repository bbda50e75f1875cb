from PyInstaller.utils.hooks import collect_dynamic_libs, collect_submodules

binaries = collect_dynamic_libs("ctranslate2")  # Windows: beside the module
hiddenimports = collect_submodules("ctranslate2")
