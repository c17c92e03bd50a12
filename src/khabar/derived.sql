-- What follows from a record, in a file beside it. All of it can be deleted at any time: the next question works it out again, byte for byte.
-- A day is ISO, '' where there is none: `known` unknown, `outdated` not at all. `count`: how many claims show the same; at 0 the row goes.

CREATE TABLE derived.facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- The index: what each version of a report adds, filed so that a question about one place looks at few claims.
CREATE TABLE derived.versions (
    number  INTEGER PRIMARY KEY,
    version TEXT NOT NULL UNIQUE,
    reading TEXT NOT NULL,
    known    TEXT NOT NULL,        -- the day from which it is known
    outdated TEXT NOT NULL,        -- the day from which another version stands in its place
    lives   TEXT NOT NULL,         -- JSON: [[known, outdated], …], the days between which its claims count
    ruled   TEXT NOT NULL          -- JSON: claims on which an analyst had ruled
);
CREATE TABLE derived.filed (       -- claims by the drawers of drawers.drawers
    drawer   TEXT NOT NULL,
    number   INTEGER NOT NULL,
    claim_id TEXT NOT NULL,
    PRIMARY KEY (drawer, number, claim_id)
) WITHOUT ROWID;
CREATE TABLE derived.shown (       -- ids that a spelling of an actor or place was resolved to
    kind     TEXT NOT NULL,
    spelling TEXT NOT NULL,
    id       TEXT NOT NULL,
    known    TEXT NOT NULL,
    outdated TEXT NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (kind, spelling, id, known, outdated)
) WITHOUT ROWID;
CREATE INDEX derived.shown_by_id ON shown (kind, id, spelling);
CREATE TABLE derived.described (   -- how the claims on holding describe places
    drawer   TEXT NOT NULL,
    place    TEXT NOT NULL,
    known    TEXT NOT NULL,
    outdated TEXT NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (drawer, place, known, outdated)
) WITHOUT ROWID;
CREATE TABLE derived.called (      -- words by which a place is found
    words    TEXT NOT NULL,
    drawer   TEXT NOT NULL,
    known    TEXT NOT NULL,
    outdated TEXT NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (words, drawer, known, outdated)
) WITHOUT ROWID;
CREATE TABLE derived.tied (        -- what claims say of membership, by the body that has the members
    tie      TEXT NOT NULL,
    body     TEXT NOT NULL,
    known    TEXT NOT NULL,
    outdated TEXT NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (body, tie, known, outdated)
) WITHOUT ROWID;

-- The answers, as all reports together give them today. `rests_on`: what each was made from, so that a new report touches few of them.
CREATE TABLE derived.histories (
    place   TEXT PRIMARY KEY,
    history TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE derived.states (
    place TEXT NOT NULL,
    first TEXT NOT NULL,           -- '' for the beginning of time
    state TEXT NOT NULL,
    PRIMARY KEY (place, first)
) WITHOUT ROWID;
CREATE TABLE derived.changed (
    day   TEXT NOT NULL,
    place TEXT NOT NULL,
    PRIMARY KEY (day, place)
) WITHOUT ROWID;
CREATE TABLE derived.rests_on (
    mark  TEXT NOT NULL,
    place TEXT NOT NULL,
    PRIMARY KEY (mark, place)
) WITHOUT ROWID;
CREATE INDEX derived.rests_by_place ON rests_on (place);
CREATE TABLE derived.stale (place TEXT PRIMARY KEY) WITHOUT ROWID;

-- What each report tells of incidents, read once and grouped once (khabar.keeping): read again where something that it rests on changes.
CREATE TABLE derived.tellings (
    number  INTEGER PRIMARY KEY,   -- of versions
    edition INTEGER NOT NULL,      -- another one whenever it is read again
    told    TEXT NOT NULL,
    grouped TEXT                   -- its accounts, once they are made
);
CREATE TABLE derived.tells (       -- marks of what they rest on
    mark   TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (mark, number)
) WITHOUT ROWID;
CREATE INDEX derived.tells_by_number ON tells (number);

-- The incidents, as known by a day ('': as all reports together give them today), with what a question asks before it reads one.
CREATE TABLE derived.incidents (
    incident   INTEGER PRIMARY KEY,
    known_by   TEXT NOT NULL,
    id         TEXT NOT NULL,
    first      INTEGER,            -- days as ordinals
    last       INTEGER,
    informants INTEGER NOT NULL,
    outline    TEXT NOT NULL,
    made_of    TEXT NOT NULL       -- the editions and claims that it was made of, as a hash
);
CREATE INDEX derived.incidents_by_id ON incidents (known_by, id);
CREATE INDEX derived.incidents_by_part ON incidents (known_by, made_of);
CREATE TABLE derived.incident_bodies (incident INTEGER PRIMARY KEY, body TEXT NOT NULL);

-- Answers for which all claims are read, until something arrives.
CREATE TABLE derived.answers (
    question TEXT PRIMARY KEY,
    journal  TEXT NOT NULL,        -- how far the record had come
    answer   TEXT NOT NULL         -- JSON
) WITHOUT ROWID;
