"""The charter: its versions, their signatures, and what holds its articles."""
