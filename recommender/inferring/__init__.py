"""What nobody told of a song, taken from what was told of it and of others; all of it is marked as inferred."""
