-- What follows from a record, in a file beside it. All of it can be deleted at any time: the next question works it out again, byte for byte.
-- A day is ISO, '' where there is none: `known` unknown, `outdated` not at all. `count`: how many claims show the same; at 0 the row goes.

CREATE TABLE derived.facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- The index: what each version of a report adds, filed so that a question about one place looks at few claims.
CREATE TABLE derived.versions (
    number  INTEGER PRIMARY KEY,
    version TEXT NOT NULL UNIQUE,
    reading TEXT NOT NULL,
    report_id TEXT NOT NULL,       -- as in reports, where each row has the whole text and is slow to find
    published TEXT,
    outlet    TEXT,
    url       TEXT,
    known    TEXT NOT NULL,        -- the day from which it is known
    outdated TEXT NOT NULL,        -- the day from which another version stands in its place
    lives   TEXT NOT NULL,         -- JSON: [[known, outdated], …], the days between which its claims count
    ruled   TEXT NOT NULL          -- JSON: claims on which an analyst had ruled
);
CREATE INDEX derived.versions_by_report ON versions (report_id);
CREATE TABLE derived.reviewed (    -- reviews that are taken in
    review_id TEXT PRIMARY KEY
) WITHOUT ROWID;
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
CREATE INDEX derived.changed_by_place ON changed (place);
CREATE TABLE derived.rests_on (
    mark  INTEGER NOT NULL,        -- a hash
    place TEXT NOT NULL,
    PRIMARY KEY (mark, place)
) WITHOUT ROWID;
CREATE INDEX derived.rests_by_place ON rests_on (place);
CREATE TABLE derived.stale (place TEXT PRIMARY KEY) WITHOUT ROWID;

-- What each report tells of incidents, read once (khabar.hearing): read again where something that it rests on changes.
CREATE TABLE derived.tellings (
    number  INTEGER PRIMARY KEY,   -- of versions
    edition INTEGER NOT NULL,      -- another one whenever it is read, or to be grouped, again
    told    TEXT NOT NULL,
    shows   TEXT NOT NULL          -- JSON: what all of it shows, see `shown_by_all`
);
CREATE TABLE derived.tells (       -- marks of what they rest on
    mark   INTEGER NOT NULL,       -- a hash
    number INTEGER NOT NULL,
    PRIMARY KEY (mark, number)
) WITHOUT ROWID;
CREATE INDEX derived.tells_by_number ON tells (number);

-- How the accounts of all reports were joined (khabar.joining), so that a new report is joined to few of them.
CREATE TABLE derived.joined (      -- reports whose accounts are
    number  INTEGER PRIMARY KEY,   -- of versions
    version TEXT NOT NULL,
    report  TEXT NOT NULL,
    edition INTEGER NOT NULL,      -- of tellings
    before  TEXT NOT NULL,         -- JSON: which of its claims another file says in the same words
    shows   TEXT NOT NULL,         -- JSON: what it shows, see `shown_by_all`
    keys    TEXT NOT NULL          -- JSON: the rarest names in it
);
CREATE INDEX derived.joined_by_version ON joined (version);
CREATE TABLE derived.accounts (
    account  INTEGER PRIMARY KEY,
    number   INTEGER NOT NULL,     -- of versions
    incident INTEGER NOT NULL,     -- the account that came first in it
    why      TEXT NOT NULL,        -- JSON: what joined it to that
    fitted   INTEGER NOT NULL,     -- how many it fitted: 0, 1 and others much less, 2 for several
    kinds    INTEGER NOT NULL,     -- a bit for each kind that it tells of
    heard    INTEGER NOT NULL,     -- does it assert anything?
    told     TEXT NOT NULL,        -- JSON: its tellings
    content  BLOB NOT NULL,        -- of these, a hash
    bonds    BLOB NOT NULL         -- of those to whom its parties belong, a hash
);
CREATE INDEX derived.accounts_by_number ON accounts (number);
CREATE INDEX derived.accounts_by_incident ON accounts (incident, kinds);
CREATE TABLE derived.bound (       -- who belonged to whom when they were joined
    member TEXT NOT NULL,
    body   TEXT NOT NULL,
    first  TEXT NOT NULL,
    last   TEXT NOT NULL,
    PRIMARY KEY (member, body, first, last)
) WITHOUT ROWID;
CREATE TABLE derived.shelves (     -- under what they are filed and sought, by day
    key     INTEGER NOT NULL,      -- a hash
    shelf   INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    account INTEGER NOT NULL,
    PRIMARY KEY (key, shelf, day, account)
) WITHOUT ROWID;
CREATE TABLE derived.shown_by_all (   -- places, spellings without a capital and names, and how many reports show each
    thing TEXT PRIMARY KEY,
    count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE derived.matters (     -- pairs of versions, by number, of which it was asked whether they are about one matter
    one    INTEGER NOT NULL,
    other  INTEGER NOT NULL,
    answer INTEGER,
    hangs  INTEGER NOT NULL,       -- does that hang on how rare names are?
    PRIMARY KEY (one, other)
) WITHOUT ROWID;

-- The incidents, as known by a day ('': as all reports together give them today), with what a question asks before it reads one.
CREATE TABLE derived.incidents (
    incident   INTEGER PRIMARY KEY, -- never given twice (facts: numbers): who still holds one must not read another incident under it
    known_by   TEXT NOT NULL,
    id         TEXT NOT NULL,
    first      INTEGER,            -- days as ordinals
    last       INTEGER,
    informants INTEGER NOT NULL,
    outline    TEXT NOT NULL,
    made_of    TEXT NOT NULL,      -- what it was made of, as a hash
    account    INTEGER             -- that came first in it; NULL where analysts had a say
);
CREATE INDEX derived.incidents_by_id ON incidents (known_by, id);
CREATE INDEX derived.incidents_by_part ON incidents (known_by, made_of);
CREATE INDEX derived.incidents_by_account ON incidents (account);
CREATE TABLE derived.incident_bodies (incident INTEGER PRIMARY KEY, body TEXT NOT NULL);

-- What speakers disagree on (khabar.contested), with its place in the order of all: JSON. Of a place, until its history is made anew; of
-- the incidents of one place and day, by their numbers, until one of them is no more.
CREATE TABLE derived.contested_places (
    place    TEXT PRIMARY KEY,
    disputes TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE derived.contested_incidents (
    incidents TEXT PRIMARY KEY,
    disputes  TEXT NOT NULL
) WITHOUT ROWID;

-- Answers for which all claims are read, until something arrives.
CREATE TABLE derived.answers (
    question TEXT PRIMARY KEY,
    journal  TEXT NOT NULL,        -- how far the record had come
    answer   TEXT NOT NULL         -- JSON
) WITHOUT ROWID;
