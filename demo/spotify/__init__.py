"""A small Spotify: the made-up world over real HTTP, with its regimes, limits and faults."""
