"""The persons accompanied: their file belongs to them, and opens with their agreement only."""
