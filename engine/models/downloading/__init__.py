"""What `engine.models.download` is made of."""
