from PyInstaller.utils.hooks import collect_submodules

# One for each kind of processor, chosen while faiss is imported.
hiddenimports = collect_submodules("faiss", filter=lambda name: ".contrib" not in name)
