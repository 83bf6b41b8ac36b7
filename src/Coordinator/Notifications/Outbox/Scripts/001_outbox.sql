-- Times are UTC ticks of 100 ns since 0001-01-01.

-- Up to which version the events of each campaign were told. The row of no campaign says that the table was begun.
CREATE TABLE notification_cursors (
    campaign TEXT    NOT NULL PRIMARY KEY,
    version  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE notification_channels (
    name         TEXT    NOT NULL PRIMARY KEY,
    fingerprint  TEXT    NOT NULL,
    success_time INTEGER,
    error_time   INTEGER,
    error        TEXT    NOT NULL,
    dropped      INTEGER NOT NULL
) WITHOUT ROWID;

-- States as MessageState. A message that was delivered has no row.
CREATE TABLE notification_messages (
    channel     TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    state       INTEGER NOT NULL,
    create_time INTEGER NOT NULL,
    due_time    INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    digest      TEXT    NOT NULL,
    PRIMARY KEY (channel, id)
) WITHOUT ROWID;

CREATE TABLE notification_audit (
    sequence      INTEGER NOT NULL PRIMARY KEY,
    time          INTEGER NOT NULL,
    actor         TEXT    NOT NULL,
    source        TEXT    NOT NULL,
    action        TEXT    NOT NULL,
    target        TEXT    NOT NULL,
    result        TEXT    NOT NULL,
    details       TEXT    NOT NULL,
    previous_hash BLOB    NOT NULL,
    hash          BLOB    NOT NULL
);
