-- The outbox of notifications, as in SQLite's notifications.db. Up to which version the events of each campaign were told; the row of no campaign says that the table was begun.
CREATE TABLE notification_cursors (
    campaign uuid   PRIMARY KEY,
    version  bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE notification_channels (
    name         text   COLLATE "C" PRIMARY KEY,
    fingerprint  text   NOT NULL,
    success_time bigint,
    error_time   bigint,
    error        text   NOT NULL,
    dropped      bigint NOT NULL
) WITH (fillfactor = 50);

-- States as MessageState. A message that was delivered has no row.
CREATE TABLE notification_messages (
    channel     text   COLLATE "C" NOT NULL,
    id          text   COLLATE "C" NOT NULL,
    state       int    NOT NULL,
    create_time bigint NOT NULL,
    due_time    bigint NOT NULL,
    attempts    int    NOT NULL,
    reason      text   NOT NULL,
    digest      text   NOT NULL,
    PRIMARY KEY (channel, id)
) WITH (fillfactor = 50);

CREATE TABLE notification_audit (
    sequence      bigint PRIMARY KEY,
    time          bigint NOT NULL,
    actor         text   NOT NULL,
    source        text   NOT NULL,
    action        text   NOT NULL,
    target        text   NOT NULL,
    result        text   NOT NULL,
    details       text   NOT NULL,
    previous_hash bytea  NOT NULL,
    hash          bytea  NOT NULL
);
