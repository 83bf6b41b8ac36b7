-- Drills, kept in the same way.
CREATE TABLE drills (
    uid            TEXT    NOT NULL PRIMARY KEY,
    machine        TEXT    NOT NULL,
    state          TEXT    NOT NULL,
    version        INTEGER NOT NULL,
    has_ended      INTEGER NOT NULL,
    create_time    INTEGER NOT NULL,
    audit_sequence INTEGER NOT NULL,
    audit_hash     BLOB    NOT NULL
) WITHOUT ROWID;

CREATE UNIQUE INDEX drills_live ON drills (machine) WHERE has_ended = 0;
CREATE INDEX drills_newest_first ON drills (create_time DESC, uid DESC);
CREATE INDEX drills_by_machine ON drills (machine, create_time DESC);

CREATE TABLE drills_audit (
    uid           TEXT    NOT NULL REFERENCES drills (uid),
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
