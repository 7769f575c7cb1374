"""What a professional follows: bookmarks, lists to share, searches that tell of new actions."""
