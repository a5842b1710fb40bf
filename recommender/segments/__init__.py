"""Lists for people rather than for songs: who somebody is as a listener, and what such a listener is given."""
