-- Times are UTC ticks of 100 ns since 0001-01-01. Ids of operations and campaigns are lower case, ids of machines upper case.

CREATE TABLE operations (
    ordinal                   INTEGER PRIMARY KEY AUTOINCREMENT,
    operation_id              TEXT    NOT NULL UNIQUE,
    kind                      TEXT    NOT NULL,
    request                   BLOB    NOT NULL,
    request_hash              BLOB    NOT NULL,
    virtual_machine_id        TEXT    NOT NULL,
    virtual_machine_name      TEXT    NOT NULL,
    campaign_id               TEXT    NULL,
    item_id                   TEXT    NULL,
    attempt                   INTEGER NOT NULL,
    epoch                     INTEGER NOT NULL,
    requested_by              TEXT    NOT NULL,
    create_time               INTEGER NOT NULL,
    state                     INTEGER NOT NULL,
    sequence                  INTEGER NOT NULL,
    recovery_point_identifier TEXT    NULL,
    -- What the host showed immediately before the call; NULL until the intent to call is durable.
    intent                    TEXT    NULL,
    return_code               INTEGER NULL,
    job_path                  TEXT    NULL,
    cancel_reason             TEXT    NULL,
    start_time                INTEGER NULL,
    end_time                  INTEGER NULL
);

CREATE INDEX operations_by_machine ON operations (virtual_machine_id, ordinal);
CREATE INDEX operations_by_campaign ON operations (campaign_id, ordinal);
-- States 1 to 3 are the ones that are not terminal.
CREATE INDEX operations_live ON operations (ordinal) WHERE state <= 3;
CREATE INDEX operations_by_end ON operations (end_time) WHERE end_time IS NOT NULL;

CREATE TABLE events (
    ordinal  INTEGER NOT NULL REFERENCES operations (ordinal) ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    payload  TEXT    NOT NULL,
    PRIMARY KEY (ordinal, sequence)
) WITHOUT ROWID;

-- The highest fencing number seen for each campaign.
CREATE TABLE epochs (
    campaign_id TEXT    NOT NULL PRIMARY KEY,
    epoch       INTEGER NOT NULL
) WITHOUT ROWID;
