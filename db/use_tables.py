"""The tables of what is remembered of use, as their migration makes them: never edited, like those in db.tables."""

# Songs are named by raw ids, because what was done with them outlives a purge of what was imported. `visitor` is a
# random number that lies in a browser's cookie, and `listener` who sits there, empty where nobody is named.
USE_TABLES = """
CREATE TABLE shown_lists (
    key INTEGER PRIMARY KEY,
    visitor TEXT NOT NULL,
    listener TEXT NOT NULL,
    model TEXT NOT NULL,
    trained_at INTEGER NOT NULL,
    arm TEXT NOT NULL,
    seeds TEXT NOT NULL,
    tracks TEXT NOT NULL,
    shown_at INTEGER NOT NULL
);
CREATE INDEX shown_lists_of_visitor ON shown_lists (visitor, shown_at);
CREATE INDEX shown_lists_by_time ON shown_lists (shown_at);
CREATE TABLE use_events (
    key INTEGER PRIMARY KEY,
    list_key INTEGER REFERENCES shown_lists (key),
    kind TEXT NOT NULL,
    track_id TEXT,
    words TEXT,
    visitor TEXT NOT NULL,
    listener TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    UNIQUE (list_key, kind, track_id)
);
CREATE INDEX use_events_by_time ON use_events (happened_at);
"""
