"""The endpoints that Spotify took away, answered out of the user's own database."""
