"""After an entry into employment: one question at 1, 3 and 6 months, and what becomes of it."""
