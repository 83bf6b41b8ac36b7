-- Where the coordinator that has the lock is reached by those that stand by. It holds as long as the session that wrote it has the lock.
CREATE TABLE place_at_work (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    session integer NOT NULL,
    address text    NOT NULL,
    console text
);
