-- Calls and quotas are of a token, which is named by a salted hash; '' is whichever token there was before.
ALTER TABLE call ADD COLUMN token TEXT NOT NULL DEFAULT '';
CREATE TABLE salt (one INTEGER PRIMARY KEY CHECK (one = 1), body BLOB NOT NULL);
INSERT INTO salt (one, body) VALUES (1, randomblob(16));
ALTER TABLE quota RENAME TO quota_before;
CREATE TABLE quota (token TEXT PRIMARY KEY, body BLOB NOT NULL);
INSERT INTO quota (token, body) SELECT '', body FROM quota_before;
DROP TABLE quota_before;

-- Alerts that were given, by what they are about; none is given again before `until`.
CREATE TABLE told (what TEXT PRIMARY KEY, until REAL NOT NULL);
