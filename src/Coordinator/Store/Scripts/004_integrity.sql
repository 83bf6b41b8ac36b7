-- Each event carries the hash of itself and of everything before it, the campaign's row the newest one, and each audit record the hash of
-- the events up to it: nothing can be put in, changed or cut off in one place alone. Filled in for older rows by the program.
ALTER TABLE events ADD COLUMN hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE campaigns ADD COLUMN event_hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE audit ADD COLUMN stream_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN stream_hash BLOB NOT NULL DEFAULT x'';

-- A snapshot of the former form is read anew from the events.
DELETE FROM snapshots;
ALTER TABLE snapshots ADD COLUMN event_hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE snapshots ADD COLUMN hash BLOB NOT NULL DEFAULT x'';

-- Which campaign holds which machine, and from which host: one machine goes home once, whatever becomes of the campaign. States as HoldState.
CREATE TABLE machines (
    machine  TEXT    NOT NULL,
    campaign TEXT    NOT NULL REFERENCES campaigns (uid),
    host     TEXT    NOT NULL,
    state    INTEGER NOT NULL,
    PRIMARY KEY (machine, campaign)
) WITHOUT ROWID;

WITH done AS (SELECT DISTINCT campaign, json_extract(data, '$.item') AS item FROM events WHERE type = 'item-succeeded'),
     planned AS (
         SELECT e.campaign, json_extract(i.value, '$.id') AS item, json_extract(i.value, '$.host') AS host
         FROM events e, json_each(e.data, '$.items') i WHERE e.type = 'items-planned' ORDER BY e.version)
INSERT OR REPLACE INTO machines (machine, campaign, host, state)
SELECT planned.item, planned.campaign, planned.host, 2 FROM planned JOIN done ON done.campaign = planned.campaign AND done.item = planned.item;
