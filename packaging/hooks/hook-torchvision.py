# Its compiled part stays out: see engine/models/open_clip.py.
module_collection_mode = "pyz+py"
