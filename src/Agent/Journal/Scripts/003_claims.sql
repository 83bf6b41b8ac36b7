-- Which coordinator claimed a campaign first (its verified identity), and which of its processes did last.
CREATE TABLE claims (
    campaign_id TEXT    NOT NULL PRIMARY KEY,
    coordinator TEXT    NOT NULL,
    instance    TEXT    NOT NULL,
    checksum    INTEGER NOT NULL
) WITHOUT ROWID;

UPDATE ledger SET schema = 3;
UPDATE ledger SET checksum = row_checksum(id, journal_id, schema, commits, operations, events, epochs, damages);
