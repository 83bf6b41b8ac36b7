-- How far the attempts of campaigns that have not ended were when their hosts last said so. No facts: written now and then.
CREATE TABLE progress (
    campaign TEXT    NOT NULL REFERENCES campaigns (uid),
    item     TEXT    NOT NULL,
    attempt  INTEGER NOT NULL,
    percent  INTEGER NOT NULL,
    PRIMARY KEY (campaign, item)
) WITHOUT ROWID;
