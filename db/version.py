"""What marks a database file as ours, and how far it was brought."""

APPLICATION_ID = 0x53454755
"""Written into the SQLite header ("SEGU"), so that another program's file is never touched."""
SCHEMA_VERSION = 7
"""How many migrations there are; a test holds it against db.migrations."""
