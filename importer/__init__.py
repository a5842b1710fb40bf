"""Collecting from files that people have: one file of code for each format, bytes in, `db.records` out."""
