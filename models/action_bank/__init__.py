"""The shared action bank: the sheets and how they are found."""
