-- Which sentences were copied from which earlier ones. Derived from reports and sentences, made on demand and kept up to date by
-- khabar.copies; apart from schema.sql, so that older records open. The tables may be dropped at any time.

-- The readings that are worked in. `rank`: the order of publication, then a stable one: "earlier" is one comparison.
-- `credit`: whom the report names as the one whose text it prints, in its own words; NULL where nobody.
CREATE TABLE IF NOT EXISTS sketched (
    reading TEXT PRIMARY KEY,
    rank    INTEGER NOT NULL UNIQUE,
    credit  TEXT
) WITHOUT ROWID;

-- The sketches of their sentences (khabar.fingerprints): two sentences that share a number are compared, if a bit for each word
-- (`low`, `high`: the two halves) and `length` (in words) do not tell them apart.
CREATE TABLE IF NOT EXISTS sketches (
    hash     INTEGER NOT NULL,
    rank     INTEGER NOT NULL,
    sentence INTEGER NOT NULL,
    low      INTEGER NOT NULL,
    high     INTEGER NOT NULL,
    length   INTEGER NOT NULL,
    PRIMARY KEY (hash, rank, sentence)
) WITHOUT ROWID;

-- Sentences that were copied: each with the earlier one it was copied from, and the one where the line of copies begins.
CREATE TABLE IF NOT EXISTS copied (
    sentence INTEGER PRIMARY KEY,
    rank     INTEGER NOT NULL,
    of       INTEGER NOT NULL,
    of_rank  INTEGER NOT NULL,
    origin   INTEGER NOT NULL,
    alike    REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS copied_by_rank ON copied (rank);
CREATE INDEX IF NOT EXISTS copied_by_of ON copied (of_rank);
CREATE INDEX IF NOT EXISTS copied_by_origin ON copied (origin);

-- Versions with a sentence that others tell first since then, as far as the journal of arrivals had come: what rests on them is to be done again.
CREATE TABLE IF NOT EXISTS recopied (version TEXT PRIMARY KEY, arrival INTEGER NOT NULL) WITHOUT ROWID;

-- How much of the journal of arrivals is worked in.
CREATE TABLE IF NOT EXISTS copied_up_to (arrival INTEGER PRIMARY KEY);
