"""A made-up world of music, a small Spotify that serves it on loopback, and `segue demo`, which shows all on it."""
