"""Roads of songs from one to another."""
