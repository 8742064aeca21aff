-- Records as they were last read. `body` holds values, labels and empties as JSON.
CREATE TABLE record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    body BLOB NOT NULL,
    stamp TEXT,
    fetched_at REAL NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX record_by_title ON record (kind, title COLLATE NOCASE);

-- The rows of a list as the service ordered them; positions that were never read are missing.
CREATE TABLE listing (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    question TEXT NOT NULL,
    total INTEGER,
    fetched_at REAL NOT NULL,
    UNIQUE (kind, question)
);
CREATE TABLE listing_row (
    listing INTEGER NOT NULL REFERENCES listing (number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (listing, position)
) WITHOUT ROWID;
CREATE INDEX listing_row_by_id ON listing_row (id);

CREATE TABLE schema (kind TEXT PRIMARY KEY, body BLOB NOT NULL, fetched_at REAL NOT NULL);
CREATE TABLE choices (
    kind TEXT NOT NULL, field TEXT NOT NULL, body BLOB NOT NULL, fetched_at REAL NOT NULL,
    PRIMARY KEY (kind, field)
);

-- Members that answers held: the fields of a kind are these and those of its dictionary.
CREATE TABLE seen (kind TEXT NOT NULL, field TEXT NOT NULL, form BLOB, PRIMARY KEY (kind, field));

-- Small things learnt of the service, such as whether its pages count from 0.
CREATE TABLE fact (name TEXT PRIMARY KEY, body BLOB NOT NULL, at REAL NOT NULL);
