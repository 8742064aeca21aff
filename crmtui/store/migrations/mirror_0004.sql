-- Three letters have an index of prefixes too. Pages of the usual size: what is written at once no screen waits for.
DROP TABLE word;
CREATE VIRTUAL TABLE word USING fts5 (
    kind, title, text, content='', columnsize=0, prefix='1 2 3',
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
INSERT INTO word (word, rank) VALUES ('automerge', 8);
UPDATE indexing SET waiting=(SELECT coalesce(max(number), 0) FROM record);
