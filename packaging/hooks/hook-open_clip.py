from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("open_clip")  # architectures, and the vocabulary of CLIP
