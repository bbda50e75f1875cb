"""Everything Ảnh Ơi can do, without a window: every part is usable from a Python prompt."""
