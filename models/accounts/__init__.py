"""Who signs in, how, and from which browsers."""
