from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("sentencepiece")  # rules of normalisation, which training reads
hiddenimports = ["sentencepiece._sentencepiece"]
