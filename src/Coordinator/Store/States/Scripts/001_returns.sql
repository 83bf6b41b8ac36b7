-- Times are UTC ticks of 100 ns since 0001-01-01. Ids of returns are lower case, ids of machines too.

-- One row for each return: its newest state, and the end of its audit chain, so that a cut-off tail is noticed.
CREATE TABLE returns (
    uid            TEXT    NOT NULL PRIMARY KEY,
    machine        TEXT    NOT NULL,
    state          TEXT    NOT NULL,
    version        INTEGER NOT NULL,
    has_ended      INTEGER NOT NULL,
    create_time    INTEGER NOT NULL,
    audit_sequence INTEGER NOT NULL,
    audit_hash     BLOB    NOT NULL
) WITHOUT ROWID;

-- A machine goes home once at a time.
CREATE UNIQUE INDEX returns_live ON returns (machine) WHERE has_ended = 0;
CREATE INDEX returns_newest_first ON returns (create_time DESC, uid DESC);
CREATE INDEX returns_by_machine ON returns (machine, create_time DESC);

CREATE TABLE audit (
    uid           TEXT    NOT NULL REFERENCES returns (uid),
    sequence      INTEGER NOT NULL,
    time          INTEGER NOT NULL,
    actor         TEXT    NOT NULL,
    source        TEXT    NOT NULL,
    action        TEXT    NOT NULL,
    target        TEXT    NOT NULL,
    result        TEXT    NOT NULL,
    details       TEXT    NOT NULL,
    previous_hash BLOB    NOT NULL,
    hash          BLOB    NOT NULL,
    PRIMARY KEY (uid, sequence)
) WITHOUT ROWID;
