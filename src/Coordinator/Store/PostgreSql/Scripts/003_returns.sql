-- Returns, drills and proofs, as in SQLite's returns.db. One row for each return: its newest state, and the end of its audit chain, so that a cut-off tail is noticed.
CREATE TABLE returns (
    uid            uuid    PRIMARY KEY,
    machine        uuid    NOT NULL,
    state          text    NOT NULL,
    version        bigint  NOT NULL,
    has_ended      boolean NOT NULL,
    create_time    bigint  NOT NULL,
    audit_sequence bigint  NOT NULL,
    audit_hash     bytea   NOT NULL
) WITH (fillfactor = 70);

-- A machine goes home once at a time.
CREATE UNIQUE INDEX returns_live ON returns (machine) WHERE NOT has_ended;
CREATE INDEX returns_newest_first ON returns (create_time DESC, uid DESC);
CREATE INDEX returns_by_machine ON returns (machine, create_time DESC);

CREATE TABLE returns_audit (
    uid           uuid   NOT NULL REFERENCES returns,
    sequence      bigint NOT NULL,
    time          bigint NOT NULL,
    actor         text   NOT NULL,
    source        text   NOT NULL,
    action        text   NOT NULL,
    target        text   NOT NULL,
    result        text   NOT NULL,
    details       text   NOT NULL,
    previous_hash bytea  NOT NULL,
    hash          bytea  NOT NULL,
    PRIMARY KEY (uid, sequence)
);

CREATE TABLE drills (
    uid            uuid    PRIMARY KEY,
    machine        uuid    NOT NULL,
    state          text    NOT NULL,
    version        bigint  NOT NULL,
    has_ended      boolean NOT NULL,
    create_time    bigint  NOT NULL,
    audit_sequence bigint  NOT NULL,
    audit_hash     bytea   NOT NULL
) WITH (fillfactor = 70);

CREATE UNIQUE INDEX drills_live ON drills (machine) WHERE NOT has_ended;
CREATE INDEX drills_newest_first ON drills (create_time DESC, uid DESC);
CREATE INDEX drills_by_machine ON drills (machine, create_time DESC);

CREATE TABLE drills_audit (
    uid           uuid   NOT NULL REFERENCES drills,
    sequence      bigint NOT NULL,
    time          bigint NOT NULL,
    actor         text   NOT NULL,
    source        text   NOT NULL,
    action        text   NOT NULL,
    target        text   NOT NULL,
    result        text   NOT NULL,
    details       text   NOT NULL,
    previous_hash bytea  NOT NULL,
    hash          bytea  NOT NULL,
    PRIMARY KEY (uid, sequence)
);

-- The newest drill of each machine that was passed, and the newest that failed.
CREATE TABLE proofs (
    machine     uuid    NOT NULL,
    passed      boolean NOT NULL,
    time        bigint  NOT NULL,
    valid_until bigint,
    proof       text    NOT NULL,
    PRIMARY KEY (machine, passed)
);
