-- Webhooks made here, without their secrets: not every service lists them. `body` is a hook as JSON,
-- without an id as long as the answer to its making is missing; `at` is when it was sent (UTC).
CREATE TABLE hook (number INTEGER PRIMARY KEY, body BLOB NOT NULL, at REAL NOT NULL);
