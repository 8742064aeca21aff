-- A record has a number that stays, which its words are indexed under, what a list by default is ordered by,
-- and when it was read for the first time: what was known before a creation is not what it made.
ALTER TABLE record RENAME TO record_before;
CREATE TABLE record (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    body BLOB NOT NULL,
    stamp TEXT,
    fetched_at REAL NOT NULL,
    first_at REAL NOT NULL,
    sort1,
    sort2,
    UNIQUE (kind, id)
);
INSERT INTO record (kind, id, title, body, stamp, fetched_at, first_at)
    SELECT kind, id, title, body, stamp, fetched_at, fetched_at FROM record_before;
DROP TABLE record_before;
CREATE INDEX record_by_title ON record (kind, title COLLATE NOCASE);
CREATE INDEX record_by_sort ON record (kind, sort1, sort2, number);

-- The words of all records, newest last: a rowid is the second of the stamp and the record's number.
CREATE VIRTUAL TABLE word USING fts5 (
    kind, title, text, content='', columnsize=0, prefix='1 2 3',
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
INSERT INTO word (word, rank) VALUES ('automerge', 8);

-- Records up to this number are still to be indexed, and ordered by nothing; `version` is how words were made.
CREATE TABLE indexing (one INTEGER PRIMARY KEY CHECK (one = 1), waiting INTEGER NOT NULL, version INTEGER NOT NULL);
INSERT INTO indexing (one, waiting, version) SELECT 1, coalesce(max(number), 0), 1 FROM record;

-- How far each kind is synced: see store/marks.py. `body` is JSON.
CREATE TABLE mark (kind TEXT PRIMARY KEY, body BLOB NOT NULL);
-- The ids that an unfinished sweep has seen.
CREATE TABLE swept (kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
