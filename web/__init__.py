"""Serves suggestions to people as pages, and to programs as JSON."""
