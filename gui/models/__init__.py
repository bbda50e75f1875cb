"""The models that can be had: what is known of them, fetching them, taking them into use."""
