"""The bank as a spreadsheet of two sheets: read defensively, checked row by row, written back."""
