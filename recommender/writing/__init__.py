"""Lists as text and files, for people and other programs."""
