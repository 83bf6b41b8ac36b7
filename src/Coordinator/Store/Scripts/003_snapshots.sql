-- The newest snapshot of each campaign's state: saves reading its events from the first on, and is never the truth.
CREATE TABLE snapshots (
    campaign TEXT    NOT NULL PRIMARY KEY REFERENCES campaigns (uid),
    version  INTEGER NOT NULL,
    data     BLOB    NOT NULL
) WITHOUT ROWID;
