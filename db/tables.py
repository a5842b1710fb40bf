"""The tables as each migration makes them: what is here is never edited, because it lies in people's databases."""

# WITHOUT ROWID where the key is most of the row: it halves the largest tables.
# tracks_fts holds folded words (db.search_text), not the columns of its content table: `content` only tells tools which
# rows it is about. They look for its columns there, so `artists` and `album` stand in tracks, empty and without taking
# room; the view songs has them filled.
FIRST_TABLES = """
CREATE TABLE imports (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    number INTEGER NOT NULL,
    source TEXT NOT NULL,
    place TEXT NOT NULL,
    started_at INTEGER NOT NULL
);
CREATE TABLE playlists (
    key INTEGER PRIMARY KEY,
    playlist_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT,
    owner TEXT,
    genres TEXT,
    followers INTEGER,
    modified_at INTEGER,
    content_hash INTEGER NOT NULL,
    import_key INTEGER NOT NULL REFERENCES imports (key),
    fetched_at INTEGER NOT NULL
);
CREATE TABLE artists (
    key INTEGER PRIMARY KEY,
    artist_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    import_key INTEGER NOT NULL REFERENCES imports (key),
    fetched_at INTEGER NOT NULL
);
CREATE INDEX artists_by_name ON artists (name);
CREATE TABLE artist_genres (
    artist_key INTEGER NOT NULL REFERENCES artists (key),
    genre TEXT NOT NULL,
    import_key INTEGER NOT NULL REFERENCES imports (key),
    PRIMARY KEY (artist_key, genre)
) WITHOUT ROWID;
CREATE TABLE albums (
    key INTEGER PRIMARY KEY,
    album_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    release_date TEXT,
    import_key INTEGER NOT NULL REFERENCES imports (key),
    fetched_at INTEGER NOT NULL
);
CREATE TABLE tracks (
    key INTEGER PRIMARY KEY,
    track_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    album_key INTEGER REFERENCES albums (key),
    duration_ms INTEGER,
    isrc TEXT,
    popularity INTEGER,
    linked_key INTEGER REFERENCES tracks (key),
    import_key INTEGER NOT NULL REFERENCES imports (key),
    fetched_at INTEGER NOT NULL,
    artists TEXT AS (NULL),
    album TEXT AS (NULL)
);
CREATE INDEX tracks_linked ON tracks (linked_key) WHERE linked_key IS NOT NULL;
CREATE TABLE track_artists (
    track_key INTEGER NOT NULL REFERENCES tracks (key),
    position INTEGER NOT NULL,
    artist_key INTEGER NOT NULL REFERENCES artists (key),
    PRIMARY KEY (track_key, position)
) WITHOUT ROWID;
CREATE INDEX track_artists_by_artist ON track_artists (artist_key);
CREATE TABLE track_names (
    name_key INTEGER NOT NULL,
    track_key INTEGER NOT NULL REFERENCES tracks (key),
    PRIMARY KEY (name_key, track_key)
) WITHOUT ROWID;
CREATE TABLE playlist_entries (
    playlist_key INTEGER NOT NULL REFERENCES playlists (key),
    position INTEGER NOT NULL,
    track_key INTEGER NOT NULL REFERENCES tracks (key),
    added_at INTEGER,
    PRIMARY KEY (playlist_key, position)
) WITHOUT ROWID;
CREATE INDEX playlist_entries_by_track ON playlist_entries (track_key);
CREATE TABLE audio_features (
    track_key INTEGER PRIMARY KEY REFERENCES tracks (key),
    danceability REAL, energy REAL, key INTEGER, loudness REAL, mode INTEGER, speechiness REAL, acousticness REAL,
    instrumentalness REAL, liveness REAL, valence REAL, tempo REAL, time_signature INTEGER,
    import_key INTEGER NOT NULL REFERENCES imports (key),
    fetched_at INTEGER NOT NULL
);
CREATE TABLE track_texts (
    key INTEGER PRIMARY KEY,
    track_key INTEGER NOT NULL REFERENCES tracks (key),
    kind TEXT NOT NULL,
    text_hash INTEGER NOT NULL,
    text TEXT NOT NULL,
    import_key INTEGER NOT NULL REFERENCES imports (key),
    fetched_at INTEGER NOT NULL,
    UNIQUE (track_key, kind, text_hash)
);
CREATE TABLE listeners (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE play_logs (
    key INTEGER PRIMARY KEY,
    log_id TEXT NOT NULL,
    stands INTEGER NOT NULL,
    content_hash INTEGER NOT NULL,
    import_key INTEGER NOT NULL REFERENCES imports (key),
    fetched_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX play_logs_standing ON play_logs (log_id) WHERE stands;
CREATE TABLE plays (
    listener_key INTEGER NOT NULL REFERENCES listeners (key),
    track_key INTEGER NOT NULL REFERENCES tracks (key),
    log_key INTEGER NOT NULL REFERENCES play_logs (key),
    count INTEGER NOT NULL,
    last_played_at INTEGER,
    PRIMARY KEY (listener_key, track_key, log_key)
) WITHOUT ROWID;
CREATE TABLE replaced_plays (
    log_key INTEGER NOT NULL REFERENCES play_logs (key),
    listener_key INTEGER NOT NULL REFERENCES listeners (key),
    track_key INTEGER NOT NULL REFERENCES tracks (key),
    count INTEGER NOT NULL,
    last_played_at INTEGER,
    PRIMARY KEY (log_key, listener_key, track_key)
) WITHOUT ROWID;
CREATE TABLE replaced_playlists (
    key INTEGER PRIMARY KEY,
    playlist_id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    owner TEXT,
    genres TEXT,
    followers INTEGER,
    modified_at INTEGER,
    content_hash INTEGER NOT NULL,
    import_key INTEGER NOT NULL REFERENCES imports (key),
    fetched_at INTEGER NOT NULL
);
CREATE TABLE replaced_entries (
    replaced_key INTEGER NOT NULL REFERENCES replaced_playlists (key),
    position INTEGER NOT NULL,
    track_key INTEGER NOT NULL REFERENCES tracks (key),
    added_at INTEGER,
    PRIMARY KEY (replaced_key, position)
) WITHOUT ROWID;
CREATE TABLE filled_fields (
    import_key INTEGER NOT NULL REFERENCES imports (key),
    track_key INTEGER NOT NULL REFERENCES tracks (key),
    field TEXT NOT NULL,
    PRIMARY KEY (import_key, track_key, field)
) WITHOUT ROWID;
CREATE TABLE state (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE VIEW songs AS
    SELECT t.key, t.track_id, t.name,
        (SELECT group_concat(a.name, ', ') FROM (SELECT a.name FROM track_artists c
            JOIN artists a ON a.key = c.artist_key WHERE c.track_key = t.key ORDER BY c.position) a) AS artists,
        al.name AS album, t.duration_ms, t.popularity
    FROM tracks t LEFT JOIN albums al ON al.key = t.album_key;
CREATE VIRTUAL TABLE tracks_fts USING fts5(
    name, artists, album, content="tracks", content_rowid="key",
    tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);
"""

# A playlist is found long before it is read, and may never be: what is known of it stands in found_playlists, its
# contents in playlists and playlist_entries once they are whole, and in staged_pages until then.
CRAWL_TABLES = """
CREATE TABLE gates (
    account TEXT PRIMARY KEY,
    blocked_until REAL NOT NULL,
    reason TEXT NOT NULL,
    streak INTEGER NOT NULL,
    starts TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE app_answers (
    client TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (client, question)
) WITHOUT ROWID;
CREATE TABLE crawls (
    key INTEGER PRIMARY KEY,
    target TEXT NOT NULL,
    import_key INTEGER,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    reason TEXT NOT NULL
);
CREATE TABLE crawl_listings (
    crawl_key INTEGER NOT NULL REFERENCES crawls (key),
    listing TEXT NOT NULL,
    next_offset INTEGER NOT NULL,
    total INTEGER NOT NULL,
    done INTEGER NOT NULL,
    PRIMARY KEY (crawl_key, listing)
) WITHOUT ROWID;
CREATE TABLE found_playlists (
    key INTEGER PRIMARY KEY,
    playlist_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    owner TEXT NOT NULL,
    collaborative INTEGER NOT NULL,
    total INTEGER,
    snapshot_id TEXT,
    stored_snapshot TEXT,
    checked_at INTEGER NOT NULL,
    crawl_key INTEGER,
    tries INTEGER NOT NULL
);
CREATE INDEX found_waiting ON found_playlists (crawl_key, key) WHERE state = 'waiting';
CREATE TABLE found_words (
    word TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    searched_at INTEGER
) WITHOUT ROWID;
CREATE INDEX found_words_unseen ON found_words (count DESC, word) WHERE searched_at IS NULL;
CREATE TABLE staged_pages (
    key INTEGER PRIMARY KEY,
    playlist_key INTEGER NOT NULL REFERENCES found_playlists (key),
    start INTEGER NOT NULL,
    beyond INTEGER NOT NULL,
    total INTEGER NOT NULL,
    snapshot_id TEXT,
    entries BLOB NOT NULL,
    UNIQUE (playlist_key, start)
);
CREATE TABLE feature_misses (
    track_key INTEGER NOT NULL REFERENCES tracks (key),
    provider TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (track_key, provider)
) WITHOUT ROWID;
"""

# A block outlives the tracks it speaks of, so it holds raw ids: of a track, or an artist's normalised name.
LIST_TABLES = """
ALTER TABLE tracks ADD COLUMN explicit INTEGER;
CREATE TABLE track_files (
    track_key INTEGER NOT NULL REFERENCES tracks (key),
    path TEXT NOT NULL,
    import_key INTEGER NOT NULL REFERENCES imports (key),
    PRIMARY KEY (track_key, path)
) WITHOUT ROWID;
CREATE TABLE blocks (
    kind TEXT NOT NULL,
    raw_id TEXT NOT NULL,
    name TEXT NOT NULL,
    blocked_at INTEGER NOT NULL,
    PRIMARY KEY (kind, raw_id)
) WITHOUT ROWID;
CREATE TABLE suggested (
    track_id TEXT PRIMARY KEY,
    suggested_at INTEGER NOT NULL
) WITHOUT ROWID;
"""

# The best known tracks once more, so that a word that a million tracks have is answered by looking at a few: a rowid of
# famous_fts tells fame and key (db.famous), and the rows come in the order of fame. It holds words alone, no texts.
SEARCH_TABLES = """
CREATE VIRTUAL TABLE famous_fts USING fts5(
    name, artists, album, content="", prefix="3",
    tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);
"""

# What a person said outlives the tracks it speaks of, so thumbs hold raw ids. No import brings them, so that a purge of
# what was imported leaves them; `segue purge --listener` does not.
TASTE_TABLES = """
CREATE TABLE thumbs (
    listener TEXT NOT NULL,
    track_id TEXT NOT NULL,
    liked INTEGER NOT NULL,
    source TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (listener, track_id)
) WITHOUT ROWID;
CREATE TABLE profiles (
    listener TEXT PRIMARY KEY,
    artists TEXT NOT NULL,
    genres TEXT NOT NULL,
    told_at INTEGER NOT NULL
) WITHOUT ROWID;
"""
