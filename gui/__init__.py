"""The window: what the user sees of the engine."""
