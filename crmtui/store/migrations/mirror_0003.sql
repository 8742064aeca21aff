-- When a record was read for the first time: what was known before a creation is not what it made.
ALTER TABLE record ADD COLUMN first_at REAL NOT NULL DEFAULT 0;
