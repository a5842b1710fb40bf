"""Maps of the music and of those who listen, and the neighbours of a song or a listener as a network."""
