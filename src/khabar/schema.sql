-- The record: one SQLite file. Read it from top to bottom; a row never points to a table further down.
--
-- What arrived and what was said in it is append-only (the triggers at the end see to it). What is inferred, such as who
-- held a place, is not stored here: it is worked out from these tables each time, by published rules.

-- The bytes as they came, under their SHA-256 (Berkeley Protocol: hashed on arrival, never altered).
CREATE TABLE originals (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    bytes  BLOB NOT NULL
) WITHOUT ROWID;

-- One row for each version of a text that an outlet published. The same address, or the same id, with another text is
-- another version, known from its own day. `version` is a hash of all the columns.
CREATE TABLE reports (
    version   TEXT PRIMARY KEY,
    report_id TEXT NOT NULL CHECK (report_id <> ''),
    sha256    TEXT NOT NULL,                         -- of the original bytes; '' where none were handed over
    url       TEXT,
    outlet    TEXT,
    published TEXT CHECK (published IS date(published)),  -- ISO day: the day from which it is known; NULL: not "known by" any day
    text      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX reports_by_id ON reports (report_id);
CREATE INDEX reports_by_url ON reports (url, outlet);

-- What one run of the program read in one version. A new reading supersedes the old one, whose claims stay for the reviews that name them.
-- `reading` is a hash of all that was read, so that reading the same report twice changes nothing. `rules` is the SHA-256 of the rules of
-- grammar that were in force when it was first read so, '' where unknown.
CREATE TABLE readings (
    reading  TEXT PRIMARY KEY,
    version  TEXT NOT NULL REFERENCES reports (version),
    current  INTEGER NOT NULL CHECK (current IN (0, 1)),
    title    TEXT,
    author   TEXT,
    language TEXT,
    sections TEXT NOT NULL CHECK (json_type(sections) = 'array'),
    rules    TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX readings_current ON readings (version) WHERE current = 1;

-- The sentences of a reading, offsets in code points of reports.text.
CREATE TABLE sentences (
    sentence INTEGER PRIMARY KEY,
    reading  TEXT NOT NULL REFERENCES readings (reading),
    start    INTEGER NOT NULL CHECK (start >= 0),
    "end"    INTEGER NOT NULL CHECK ("end" > start),
    text     TEXT NOT NULL CHECK (text <> ''),
    UNIQUE (reading, start, "end")
);

-- Full-text search in any script; a search without accents finds the words with them.
CREATE VIRTUAL TABLE search USING fts5 (text, content = 'sentences', content_rowid = 'sentence', tokenize = 'unicode61 remove_diacritics 2');
CREATE TRIGGER sentences_are_searched AFTER INSERT ON sentences BEGIN
    INSERT INTO search (rowid, text) VALUES (new.sentence, new.text);
END;

-- Words that name actors, places, times and quantities. `detail`: the whole mention as in the contract.
CREATE TABLE mentions (
    reading TEXT NOT NULL REFERENCES readings (reading),
    start   INTEGER NOT NULL,
    "end"   INTEGER NOT NULL CHECK ("end" > start),
    kind    TEXT NOT NULL CHECK (kind IN ('actor', 'place', 'time', 'quantity')),
    text    TEXT NOT NULL,
    id      TEXT,
    name    TEXT,
    detail  TEXT NOT NULL CHECK (json_valid(detail))
);
CREATE INDEX mentions_by_reading ON mentions (reading, start);
CREATE INDEX mentions_by_id ON mentions (kind, id);

-- What one speaker says happened or is so. No claim without its sentence, and none without its chain of speakers:
-- the outlet's own voice is the explicit empty chain '[]'.
CREATE TABLE claims (
    claim_id     TEXT NOT NULL CHECK (claim_id <> ''),
    reading      TEXT NOT NULL REFERENCES readings (reading),
    sentence     INTEGER NOT NULL REFERENCES sentences (sentence),
    section      TEXT NOT NULL CHECK (section IN ('headline', 'body', 'caption', 'comment', 'boilerplate')),
    kind         TEXT NOT NULL CHECK (kind <> ''),
    modality     TEXT NOT NULL CHECK (modality IN ('asserted', 'denied', 'possible', 'planned', 'predicted', 'background')),
    trigger_start INTEGER NOT NULL,
    trigger_end  INTEGER NOT NULL,
    attribution  TEXT NOT NULL CHECK (json_type(attribution) = 'array'),
    actor        TEXT CHECK (actor IS NULL OR json_valid(actor)),      -- {text, start, end, id, name}
    recipient    TEXT CHECK (recipient IS NULL OR json_valid(recipient)),
    place        TEXT CHECK (place IS NULL OR json_valid(place)),      -- … and latitude, longitude, precision, country, admin1, near, parent
    actor_id     TEXT AS (json_extract(actor, '$.id')),
    recipient_id TEXT AS (json_extract(recipient, '$.id')),
    place_id     TEXT AS (json_extract(place, '$.id')),
    date_start   TEXT CHECK (date_start IS date(date_start)),
    date_end     TEXT CHECK (date_end IS date(date_end)),
    date_text    TEXT,
    quantity     TEXT CHECK (quantity IS NULL OR json_valid(quantity)),
    rule         TEXT NOT NULL,
    confidence   REAL CHECK (confidence BETWEEN 0 AND 1),  -- of the model, in a claim that no rule made; NULL: a rule's, or not kept
    PRIMARY KEY (reading, claim_id)
) WITHOUT ROWID;
CREATE INDEX claims_by_id ON claims (claim_id);
CREATE INDEX claims_by_kind ON claims (kind);
CREATE INDEX claims_by_place ON claims (place_id);
CREATE INDEX claims_by_sentence ON claims (sentence);

-- The links of each chain, from the outermost reporter (0) to the innermost speaker; written from claims.attribution and never apart from it.
CREATE TABLE speakers (
    reading    TEXT NOT NULL,
    claim_id   TEXT NOT NULL,
    position   INTEGER NOT NULL CHECK (position >= 0),
    text       TEXT NOT NULL CHECK (text <> ''),
    speaker_id TEXT,
    PRIMARY KEY (reading, claim_id, position),
    FOREIGN KEY (reading, claim_id) REFERENCES claims (reading, claim_id)
) WITHOUT ROWID;
CREATE TRIGGER chains_are_kept AFTER INSERT ON claims BEGIN
    INSERT INTO speakers (reading, claim_id, position, text, speaker_id)
    SELECT new.reading, new.claim_id, key, json_extract(value, '$.text'), json_extract(value, '$.id') FROM json_each(new.attribution);
END;

-- Inputs that could not be read, and doubts about those that could.
CREATE TABLE failures (
    id      TEXT NOT NULL,
    code    TEXT NOT NULL,
    message TEXT NOT NULL,
    source  TEXT NOT NULL,                            -- '' where unknown
    PRIMARY KEY (id, code, message, source)
) WITHOUT ROWID;

-- What a person decided about a claim: signed, dated, withdrawn by a further review. A review outlives the reading it was made on.
CREATE TABLE reviews (
    review_id TEXT PRIMARY KEY,
    claim_id  TEXT NOT NULL,
    verdict   TEXT NOT NULL,
    note      TEXT,
    signed_by TEXT NOT NULL CHECK (signed_by <> ''),
    signed_at TEXT NOT NULL,
    withdraws TEXT REFERENCES reviews (review_id)
) WITHOUT ROWID;

-- The journal: what came in, when and in which order. The one table that depends on it; `khabar dump` leaves it out.
CREATE TABLE arrivals (
    arrival    INTEGER PRIMARY KEY,
    reading    TEXT NOT NULL REFERENCES readings (reading),
    arrived_at TEXT NOT NULL
);

CREATE TRIGGER originals_stay BEFORE UPDATE ON originals BEGIN SELECT RAISE (ABORT, 'originals are never altered'); END;
CREATE TRIGGER originals_are_kept BEFORE DELETE ON originals BEGIN SELECT RAISE (ABORT, 'originals are append-only'); END;
CREATE TRIGGER reports_stay BEFORE UPDATE ON reports BEGIN SELECT RAISE (ABORT, 'reports are never altered'); END;
CREATE TRIGGER reports_are_kept BEFORE DELETE ON reports BEGIN SELECT RAISE (ABORT, 'reports are append-only'); END;
CREATE TRIGGER readings_stay BEFORE UPDATE OF reading, version, title, author, language, sections ON readings BEGIN SELECT RAISE (ABORT, 'only the flag of a reading changes'); END;
CREATE TRIGGER readings_are_kept BEFORE DELETE ON readings BEGIN SELECT RAISE (ABORT, 'readings are append-only'); END;
CREATE TRIGGER claims_stay BEFORE UPDATE ON claims BEGIN SELECT RAISE (ABORT, 'claims are never altered'); END;
CREATE TRIGGER claims_are_kept BEFORE DELETE ON claims BEGIN SELECT RAISE (ABORT, 'claims are append-only'); END;
CREATE TRIGGER speakers_stay BEFORE UPDATE ON speakers BEGIN SELECT RAISE (ABORT, 'chains are never altered'); END;
CREATE TRIGGER speakers_are_kept BEFORE DELETE ON speakers BEGIN SELECT RAISE (ABORT, 'chains are append-only'); END;
CREATE TRIGGER reviews_stay BEFORE UPDATE ON reviews BEGIN SELECT RAISE (ABORT, 'reviews are never altered'); END;
CREATE TRIGGER reviews_are_kept BEFORE DELETE ON reviews BEGIN SELECT RAISE (ABORT, 'reviews are append-only'); END;

-- Every claim that counts today, with its sentence and its report: what the questions read.
CREATE VIEW current_claims AS
SELECT claims.*, sentences.start, sentences."end", sentences.text AS sentence_text, reports.version, reports.report_id, reports.published, reports.outlet, reports.url
FROM claims JOIN readings USING (reading) JOIN reports USING (version) JOIN sentences USING (sentence)
WHERE readings.current = 1;
