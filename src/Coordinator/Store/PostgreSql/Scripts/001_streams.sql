-- Times are 100 ns since 0001-01-01 UTC, as in SQLite: timestamptz has microseconds, and the hashes cover every tick. An event's JSON is text: jsonb would rewrite it.
CREATE TABLE campaigns (
    uid            uuid    PRIMARY KEY,
    id             text    COLLATE "C" NOT NULL UNIQUE,
    document       text    NOT NULL,
    source         text    NOT NULL,
    created_by     text    NOT NULL,
    create_time    bigint  NOT NULL,
    version        bigint  NOT NULL,
    event_hash     bytea   NOT NULL,
    state          int     NOT NULL,
    is_terminal    boolean NOT NULL,
    summary        bytea   NOT NULL,
    audit_sequence bigint  NOT NULL,
    audit_hash     bytea   NOT NULL,
    deleted_id     text    COLLATE "C",
    deleted_by     text,
    deleted_time   bigint
) WITH (fillfactor = 70);

CREATE INDEX campaigns_newest_first ON campaigns (create_time DESC, uid DESC);
CREATE INDEX campaigns_live ON campaigns (uid) WHERE NOT is_terminal;
CREATE INDEX campaigns_deleted ON campaigns (deleted_id, deleted_time) WHERE deleted_id IS NOT NULL;

CREATE TABLE events (
    campaign uuid   NOT NULL REFERENCES campaigns,
    version  bigint NOT NULL,
    time     bigint NOT NULL,
    type     text   NOT NULL,
    data     text   NOT NULL,
    hash     bytea  NOT NULL,
    PRIMARY KEY (campaign, version)
);

CREATE TABLE audit (
    campaign       uuid   NOT NULL REFERENCES campaigns,
    sequence       bigint NOT NULL,
    time           bigint NOT NULL,
    actor          text   NOT NULL,
    source         text   NOT NULL,
    action         text   NOT NULL,
    target         text   NOT NULL,
    result         text   NOT NULL,
    details        text   NOT NULL,
    previous_hash  bytea  NOT NULL,
    hash           bytea  NOT NULL,
    stream_version bigint NOT NULL,
    stream_hash    bytea  NOT NULL,
    PRIMARY KEY (campaign, sequence)
);

CREATE TABLE progress (
    campaign uuid NOT NULL REFERENCES campaigns,
    item     text NOT NULL,
    attempt  int  NOT NULL,
    percent  int  NOT NULL,
    PRIMARY KEY (campaign, item)
) WITH (fillfactor = 50);

CREATE TABLE snapshots (
    campaign   uuid   PRIMARY KEY REFERENCES campaigns,
    version    bigint NOT NULL,
    data       bytea  NOT NULL,
    event_hash bytea  NOT NULL,
    hash       bytea  NOT NULL
);

CREATE TABLE machines (
    machine  uuid NOT NULL,
    campaign uuid NOT NULL REFERENCES campaigns,
    host     text NOT NULL,
    state    int  NOT NULL,
    PRIMARY KEY (machine, campaign)
);

CREATE TABLE requests (
    campaign uuid   NOT NULL REFERENCES campaigns,
    id       uuid   NOT NULL,
    time     bigint NOT NULL,
    digest   bytea  NOT NULL,
    items    text   NOT NULL,
    PRIMARY KEY (campaign, id)
);

CREATE INDEX requests_oldest_first ON requests (time);

-- The last transaction of each writer. One whose answer to COMMIT is lost looks here whether it was committed; the row's lock makes it wait for a transaction that is still open.
CREATE TABLE writers (
    writer    uuid        PRIMARY KEY,
    append_id uuid        NOT NULL,
    time      timestamptz NOT NULL
) WITH (fillfactor = 50);
