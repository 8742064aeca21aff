-- What a person typed and did not send: `body` holds edits, base, field and cursor as JSON.
CREATE TABLE draft (
    kind TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, updated_at REAL NOT NULL,
    PRIMARY KEY (kind, id)
);

-- Every write, from the moment a person decided on it: the outbox is those not yet settled.
CREATE TABLE write (
    id TEXT PRIMARY KEY,
    op TEXT NOT NULL,
    kind TEXT NOT NULL,
    record TEXT NOT NULL,
    body BLOB NOT NULL,
    state TEXT NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL,
    settled REAL
);
CREATE INDEX write_by_created ON write (created);

-- Each try of a write, on disk before its first byte leaves.
CREATE TABLE attempt (
    number INTEGER PRIMARY KEY,
    write TEXT NOT NULL REFERENCES write (id) ON DELETE CASCADE,
    at REAL NOT NULL,
    outcome TEXT
);

-- The call ledger: one row for every request that left.
CREATE TABLE call (
    number INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER,
    ms INTEGER,
    cost INTEGER NOT NULL
);
CREATE INDEX call_by_at ON call (at);

-- The quota as the service last reported it.
CREATE TABLE quota (one INTEGER PRIMARY KEY CHECK (one = 1), body BLOB NOT NULL);
