"""The table of what imports left out, as its migration makes it: never edited."""

# Of imports before it nobody knows what they left out: the last of them is noted.
DROPPED_TABLES = """
CREATE TABLE dropped (
    import_key INTEGER NOT NULL REFERENCES imports (key),
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (import_key, reason)
) WITHOUT ROWID;
INSERT INTO state SELECT 'dropped_since', ifnull(max(key), 0) FROM imports;
"""
