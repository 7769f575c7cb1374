"""An action asked for somebody: what is shared, the provider’s dated answer, what came of it."""
