-- The commands with a request id that took effect in the last 24 hours, so that a repetition is known as one, also after a restart.
CREATE TABLE requests (
    campaign TEXT    NOT NULL REFERENCES campaigns (uid),
    id       TEXT    NOT NULL,
    time     INTEGER NOT NULL,           -- 100 ns since 0001-01-01 UTC
    digest   BLOB    NOT NULL,           -- SHA-256 of who asked for what
    items    TEXT    NOT NULL,           -- the items of the answer, a JSON array of ids
    PRIMARY KEY (campaign, id)
) WITHOUT ROWID;

CREATE INDEX requests_oldest_first ON requests (time);

-- A deleted campaign leaves its row as a tombstone: its id goes here and may be used again, its audit and the machines it holds stay.
ALTER TABLE campaigns ADD COLUMN deleted_id TEXT;
ALTER TABLE campaigns ADD COLUMN deleted_by TEXT;
ALTER TABLE campaigns ADD COLUMN deleted_time INTEGER;
CREATE INDEX campaigns_deleted ON campaigns (deleted_id, deleted_time) WHERE deleted_id IS NOT NULL;
