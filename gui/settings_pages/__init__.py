"""The pages of the settings dialog; each shows some and takes in changes."""
