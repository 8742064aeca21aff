"""Two SQLite files a connection: the mirror, which is a cache, and the journal, which is the user's own."""
