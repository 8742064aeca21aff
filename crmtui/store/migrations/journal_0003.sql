-- What a write found and left, so that it can be undone; which write it undoes; who is at work on it
-- (an instance), whether it waits for a later try, and not before when (UTC; Inf: a person decides).
ALTER TABLE write ADD COLUMN before BLOB;
ALTER TABLE write ADD COLUMN after BLOB;
ALTER TABLE write ADD COLUMN undoes TEXT NOT NULL DEFAULT '';
ALTER TABLE write ADD COLUMN holder TEXT;
ALTER TABLE write ADD COLUMN keeps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE write ADD COLUMN next_try REAL NOT NULL DEFAULT 0;
CREATE INDEX write_by_record ON write (kind, record, created);
CREATE INDEX attempt_by_write ON attempt (write);
