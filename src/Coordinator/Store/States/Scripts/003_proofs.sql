-- The newest drill of each machine that was passed, and the newest that failed. Times are UTC ticks as above.
CREATE TABLE proofs (
    machine     TEXT    NOT NULL,
    passed      INTEGER NOT NULL,
    time        INTEGER NOT NULL,
    valid_until INTEGER,
    proof       TEXT    NOT NULL,
    PRIMARY KEY (machine, passed)
) WITHOUT ROWID;
