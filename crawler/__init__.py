"""Collecting from Spotify: login, crawl, audio features, and playlists written back."""
