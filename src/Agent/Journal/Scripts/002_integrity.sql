-- Every row carries a checksum of its other columns (row_checksum is a function of the agent), and one row counts what the tables hold:
-- a row that was changed, or has gone, without the agent is found at the next start.

ALTER TABLE operations ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE epochs ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;

UPDATE operations SET checksum = row_checksum(ordinal, operation_id, kind, request, request_hash, virtual_machine_id, virtual_machine_name,
    campaign_id, item_id, attempt, epoch, requested_by, create_time, state, sequence, recovery_point_identifier, intent, return_code,
    job_path, cancel_reason, start_time, end_time);
UPDATE events SET checksum = row_checksum(ordinal, sequence, kind, time, payload);
UPDATE epochs SET checksum = row_checksum(campaign_id, epoch);

CREATE TABLE ledger (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    journal_id TEXT    NOT NULL,
    schema     INTEGER NOT NULL,
    -- Grows with every commit. The mark beside the file has the last one, so that lost commits are found.
    commits    INTEGER NOT NULL,
    operations INTEGER NOT NULL,
    events     INTEGER NOT NULL,
    epochs     INTEGER NOT NULL,
    damages    INTEGER NOT NULL,
    checksum   INTEGER NOT NULL
);

INSERT INTO ledger (id, journal_id, schema, commits, operations, events, epochs, damages, checksum)
VALUES (1, lower(hex(randomblob(16))), 2, 0, (SELECT count(*) FROM operations), (SELECT count(*) FROM events), (SELECT count(*) FROM epochs), 0, 0);
UPDATE ledger SET checksum = row_checksum(id, journal_id, schema, commits, operations, events, epochs, damages);

-- What was found at a start, newest last.
CREATE TABLE damages (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    find_time          INTEGER NOT NULL,
    set_aside          TEXT    NOT NULL,
    explanation        TEXT    NOT NULL,
    operations_missing INTEGER NOT NULL,
    checksum           INTEGER NOT NULL
);

CREATE TRIGGER operations_added AFTER INSERT ON operations BEGIN UPDATE ledger SET operations = operations + 1; END;
CREATE TRIGGER operations_removed AFTER DELETE ON operations BEGIN UPDATE ledger SET operations = operations - 1; END;
CREATE TRIGGER events_added AFTER INSERT ON events BEGIN UPDATE ledger SET events = events + 1; END;
CREATE TRIGGER events_removed AFTER DELETE ON events BEGIN UPDATE ledger SET events = events - 1; END;
CREATE TRIGGER epochs_added AFTER INSERT ON epochs BEGIN UPDATE ledger SET epochs = epochs + 1; END;
CREATE TRIGGER damages_added AFTER INSERT ON damages BEGIN UPDATE ledger SET damages = damages + 1; END;
