-- One row for each campaign: what never changes, and a projection of its newest state.
CREATE TABLE campaigns (
    uid            TEXT    NOT NULL PRIMARY KEY,
    id             TEXT    NOT NULL UNIQUE,
    document       TEXT    NOT NULL,
    source         TEXT    NOT NULL,
    created_by     TEXT    NOT NULL,
    create_time    INTEGER NOT NULL,           -- 100 ns since 0001-01-01 UTC
    version        INTEGER NOT NULL,
    state          INTEGER NOT NULL,
    is_terminal    INTEGER NOT NULL,
    summary        BLOB    NOT NULL,
    audit_sequence INTEGER NOT NULL,           -- the end of the audit chain, so that a cut-off tail is noticed
    audit_hash     BLOB    NOT NULL
) WITHOUT ROWID;

CREATE INDEX campaigns_newest_first ON campaigns (create_time DESC, uid DESC);
CREATE INDEX campaigns_live ON campaigns (is_terminal) WHERE is_terminal = 0;

CREATE TABLE events (
    campaign TEXT    NOT NULL REFERENCES campaigns (uid),
    version  INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    type     TEXT    NOT NULL,
    data     TEXT    NOT NULL,
    PRIMARY KEY (campaign, version)
) WITHOUT ROWID;

CREATE TABLE audit (
    campaign      TEXT    NOT NULL REFERENCES campaigns (uid),
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
    PRIMARY KEY (campaign, sequence)
) WITHOUT ROWID;
