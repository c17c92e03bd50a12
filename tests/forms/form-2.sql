-- A record of form 2, as the program of 23 November 2026 made it of two invented reports: its schema and its journal's, then its rows.
-- The second report's claim is the model's alone; in this form the record does not say how likely the model holds it.
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
-- The journal of a record: one row for all that entered it or was decided in it, each chained to the one before. Made when the first row is
-- written, so that older records open. It holds names and hashes only, no words: what a redaction blanks was never in it.
CREATE TABLE IF NOT EXISTS journal (
    number INTEGER PRIMARY KEY,                       -- 1, 2, 3 …
    kind   TEXT NOT NULL CHECK (kind IN ('reading', 'review', 'decision', 'actors', 'redaction', 'import', 'withdrawal', 'migration')),
    key    TEXT NOT NULL,                             -- of the row that entered: a hash of its content
    at     TEXT NOT NULL,
    hash   TEXT NOT NULL CHECK (length(hash) = 64)    -- SHA-256 of the hash before and of this row
);
CREATE TRIGGER IF NOT EXISTS journal_stays BEFORE UPDATE ON journal BEGIN SELECT RAISE (ABORT, 'the journal is never altered'); END;
CREATE TRIGGER IF NOT EXISTS journal_is_kept BEFORE DELETE ON journal BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;
INSERT INTO originals (sha256, bytes) VALUES ('1628803aa2ea6941ec3a8e63f448a3dac603efd30d6b6abe2658c3153330374f', X'7B226964223A20226F6E65222C202274657874223A202254686520477265656E2046726F6E7420746F6F6B204F616B666F7264206F6E204D6F6E6461792E2049742077617320717569657420696E207468652068696C6C732E222C20227469746C65223A20224F616B666F72642066616C6C73222C20226F75746C6574223A2022486172626F757220506F7374222C20227075626C6973686564223A2022323033312D30352D3036222C202275726C223A202268747470733A2F2F6578616D706C652E6F72672F6F6E65227D');
INSERT INTO originals (sha256, bytes) VALUES ('cf31bb8380e063226d74d5c8a43e9c64182ef6e10f48b8ba463c08088c8fff5d', X'7B226964223A202274776F222C202274657874223A20224120636F6E766F79206F662061626F7574203135302076656869636C6573206F6620746865205265642041726D7920686164206C656674204F616B666F726420746F77617264732050696E6577656C6C206279206561726C79206576656E696E672E2049742077617320717569657420696E207468652068696C6C732E222C20227469746C65223A20224120636F6E766F79222C20226F75746C6574223A2022576172205761746368222C20227075626C6973686564223A2022323033312D30352D3037222C202275726C223A202268747470733A2F2F6578616D706C652E6F72672F74776F227D');
INSERT INTO reports (version, report_id, sha256, url, outlet, published, text) VALUES ('8555d964ab183977515363892988fb9d', 'two', 'cf31bb8380e063226d74d5c8a43e9c64182ef6e10f48b8ba463c08088c8fff5d', 'https://example.org/two', 'War Watch', '2031-05-07', 'A convoy of about 150 vehicles of the Red Army had left Oakford towards Pinewell by early evening. It was quiet in the hills.');
INSERT INTO reports (version, report_id, sha256, url, outlet, published, text) VALUES ('f42f9f12c2c13f3a099909607187ccc7', 'one', '1628803aa2ea6941ec3a8e63f448a3dac603efd30d6b6abe2658c3153330374f', 'https://example.org/one', 'Harbour Post', '2031-05-06', 'The Green Front took Oakford on Monday. It was quiet in the hills.');
INSERT INTO readings (reading, version, current, title, author, language, sections, rules) VALUES ('858fdd362ee6136eba794eef2fe6de41', 'f42f9f12c2c13f3a099909607187ccc7', 1, 'Oakford falls', NULL, 'en', '[["body",0,66,null]]', 'f4b76b82178f5cd65db1490d8dfe0a9cc37206ecb1b77296185bc4f575674e82');
INSERT INTO readings (reading, version, current, title, author, language, sections, rules) VALUES ('9ad81278fc5c169335817356181d0286', '8555d964ab183977515363892988fb9d', 1, 'A convoy', NULL, 'en', '[["body",0,125,null]]', 'f4b76b82178f5cd65db1490d8dfe0a9cc37206ecb1b77296185bc4f575674e82');
INSERT INTO sentences (sentence, reading, start, "end", text) VALUES (1, '858fdd362ee6136eba794eef2fe6de41', 0, 39, 'The Green Front took Oakford on Monday.');
INSERT INTO sentences (sentence, reading, start, "end", text) VALUES (2, '858fdd362ee6136eba794eef2fe6de41', 40, 66, 'It was quiet in the hills.');
INSERT INTO sentences (sentence, reading, start, "end", text) VALUES (3, '9ad81278fc5c169335817356181d0286', 0, 98, 'A convoy of about 150 vehicles of the Red Army had left Oakford towards Pinewell by early evening.');
INSERT INTO sentences (sentence, reading, start, "end", text) VALUES (4, '9ad81278fc5c169335817356181d0286', 99, 125, 'It was quiet in the hills.');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('858fdd362ee6136eba794eef2fe6de41', 4, 15, 'actor', 'Green Front', NULL, NULL, '{"antecedent":null,"end":15,"form":"name","id":null,"kind":"actor","name":null,"person":false,"start":4,"text":"Green Front"}');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('858fdd362ee6136eba794eef2fe6de41', 21, 28, 'place', 'Oakford', NULL, NULL, '{"admin1":null,"antecedent":null,"country":null,"end":28,"form":"name","head_noun":null,"id":null,"kind":"place","latitude":null,"longitude":null,"name":null,"near":false,"parent":null,"precision":"town","start":21,"text":"Oakford"}');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('858fdd362ee6136eba794eef2fe6de41', 32, 38, 'time', 'Monday', NULL, NULL, '{"date_end":"2031-05-05","date_start":"2031-05-05","end":38,"id":null,"kind":"time","name":null,"start":32,"text":"Monday","timex":"DATE","value":"2031-05-05"}');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('9ad81278fc5c169335817356181d0286', 12, 21, 'quantity', 'about 150', NULL, NULL, '{"approximate":true,"end":21,"high":150,"id":null,"kind":"quantity","low":150,"name":null,"noun":[22,30],"start":12,"text":"about 150","unit":"vehicles"}');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('9ad81278fc5c169335817356181d0286', 38, 46, 'actor', 'Red Army', NULL, NULL, '{"antecedent":null,"end":46,"form":"name","id":null,"kind":"actor","name":null,"person":false,"start":38,"text":"Red Army"}');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('9ad81278fc5c169335817356181d0286', 56, 63, 'place', 'Oakford', NULL, NULL, '{"admin1":null,"antecedent":null,"country":null,"end":63,"form":"name","head_noun":null,"id":null,"kind":"place","latitude":null,"longitude":null,"name":null,"near":false,"parent":null,"precision":"town","start":56,"text":"Oakford"}');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('9ad81278fc5c169335817356181d0286', 72, 80, 'place', 'Pinewell', NULL, NULL, '{"admin1":null,"antecedent":null,"country":null,"end":80,"form":"name","head_noun":null,"id":null,"kind":"place","latitude":null,"longitude":null,"name":null,"near":false,"parent":null,"precision":"town","start":72,"text":"Pinewell"}');
INSERT INTO claims (claim_id, reading, sentence, section, kind, modality, trigger_start, trigger_end, attribution, actor, recipient, place, date_start, date_end, date_text, quantity, rule) VALUES ('2fff046f99b3924c', '858fdd362ee6136eba794eef2fe6de41', 1, 'body', 'capture', 'asserted', 16, 20, '[]', '{"end":15,"id":null,"name":null,"start":4,"text":"Green Front"}', NULL, '{"admin1":null,"country":null,"end":28,"id":null,"latitude":null,"longitude":null,"name":null,"near":false,"parent":null,"precision":"town","start":21,"text":"Oakford"}', '2031-05-05', '2031-05-05', 'Monday', NULL, 'capture.take');
INSERT INTO claims (claim_id, reading, sentence, section, kind, modality, trigger_start, trigger_end, attribution, actor, recipient, place, date_start, date_end, date_text, quantity, rule) VALUES ('c2ed2bc77a776d88', '9ad81278fc5c169335817356181d0286', 3, 'body', 'withdrawal', 'asserted', 51, 55, '[]', '{"end":46,"id":null,"name":null,"start":38,"text":"Red Army"}', '{"end":80,"id":null,"name":null,"start":72,"text":"Pinewell"}', '{"admin1":null,"country":null,"end":63,"id":null,"latitude":null,"longitude":null,"name":null,"near":false,"parent":null,"precision":"town","start":56,"text":"Oakford"}', NULL, '2031-05-07', NULL, NULL, 'withdrawal.learnt');
INSERT INTO arrivals (arrival, reading, arrived_at) VALUES (1, '858fdd362ee6136eba794eef2fe6de41', '2026-11-23T17:01:04+00:00');
INSERT INTO arrivals (arrival, reading, arrived_at) VALUES (2, '9ad81278fc5c169335817356181d0286', '2026-11-23T17:01:04+00:00');
INSERT INTO journal (number, kind, key, at, hash) VALUES (1, 'reading', '858fdd362ee6136eba794eef2fe6de41', '2026-11-23T17:01:04+00:00', '2e1db1a9fad07449df55551f2a2a700da4449c4e6c77483706dc72f522d9328e');
INSERT INTO journal (number, kind, key, at, hash) VALUES (2, 'reading', '9ad81278fc5c169335817356181d0286', '2026-11-23T17:01:04+00:00', 'd9ba59b6c3a817cb4ead5c1431ffb80b1da184ad191355c49681ad2d2f1e86cf');
PRAGMA user_version = 2;
