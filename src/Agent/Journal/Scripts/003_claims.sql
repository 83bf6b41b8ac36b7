-- Which coordinator claimed a campaign first (its verified identity), and which of its processes did last.
CREATE TABLE claims (
    campaign_id TEXT    NOT NULL PRIMARY KEY,
    coordinator TEXT    NOT NULL,
    instance    TEXT    NOT NULL,
    checksum    INTEGER NOT NULL
) WITHOUT ROWID;

-- What was told to coordinators that claimed: a copy of the journal that was made before lacks it.
CREATE TABLE claim_tokens (
    token      TEXT    NOT NULL PRIMARY KEY,
    claim_time INTEGER NOT NULL,
    checksum   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX claim_tokens_by_time ON claim_tokens (claim_time);

UPDATE ledger SET schema = 3;
UPDATE ledger SET checksum = row_checksum(id, journal_id, schema, commits, operations, events, epochs, damages);
