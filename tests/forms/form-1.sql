-- A record of form 1, as the program of 21 November 2026, 05:00 made it of three invented reports: its schema, then its rows.
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
-- `reading` is a hash of all that was read, so that reading the same report twice changes nothing.
CREATE TABLE readings (
    reading  TEXT PRIMARY KEY,
    version  TEXT NOT NULL REFERENCES reports (version),
    current  INTEGER NOT NULL CHECK (current IN (0, 1)),
    title    TEXT,
    author   TEXT,
    language TEXT,
    sections TEXT NOT NULL CHECK (json_type(sections) = 'array')
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

INSERT INTO originals (sha256, bytes) VALUES ('2eeacdf0e31ac5442c58c1a27d458ca183d195f402ebaf09021b09cf596a272c', X'50696E6577656C6C0A0A546865205265642041726D7920746F6F6B2050696E6577656C6C206261636B2E2049742077617320717569657420696E207468652068696C6C732E0A');
INSERT INTO originals (sha256, bytes) VALUES ('48affc2bd03276060e34214215e450f009246bbe0c61b8b97d3a9a406fb5f5b7', X'526567726F7570696E670A0A41206D696C697461727920736F757263652073616964207468652061726D792077697468647265772066726F6D2050696E6577656C6C2E2049742077617320717569657420696E207468652068696C6C732E0A');
INSERT INTO originals (sha256, bytes) VALUES ('9ff13a2da4c08d8c676314d45fd6fafa6ddc57245ab9c75c6c4ac3d30b097369', X'4F616B666F72642066616C6C730A0A54686520477265656E2046726F6E7420746F6F6B204F616B666F72642066726F6D20746865205265642041726D79206F6E204D6F6E6461792E2049742077617320717569657420696E207468652068696C6C732E0A');
INSERT INTO reports (version, report_id, sha256, url, outlet, published, text) VALUES ('372881b7706bb4638fd11a887ca5f538', 'two', '48affc2bd03276060e34214215e450f009246bbe0c61b8b97d3a9a406fb5f5b7', 'https://example.org/two', 'State Voice', '2031-05-08', 'Regrouping

A military source said the army withdrew from Pinewell. It was quiet in the hills.
');
INSERT INTO reports (version, report_id, sha256, url, outlet, published, text) VALUES ('b93873742f5075cc2a32fa13d67ab4f6', 'one', '9ff13a2da4c08d8c676314d45fd6fafa6ddc57245ab9c75c6c4ac3d30b097369', 'https://example.org/one', 'Harbour Post', '2031-05-05', 'Oakford falls

The Green Front took Oakford from the Red Army on Monday. It was quiet in the hills.
');
INSERT INTO reports (version, report_id, sha256, url, outlet, published, text) VALUES ('cba98e2267f892d3ffcf5f413eb58023', 'three', '2eeacdf0e31ac5442c58c1a27d458ca183d195f402ebaf09021b09cf596a272c', 'https://example.org/three', 'Harbour Post', '2031-05-20', 'Pinewell

The Red Army took Pinewell back. It was quiet in the hills.
');
INSERT INTO readings (reading, version, current, title, author, language, sections) VALUES ('06ea32af817a80ecfeb8f0da187abd87', 'b93873742f5075cc2a32fa13d67ab4f6', 1, 'Oakford falls', NULL, 'en', '[["headline",0,13,null],["body",15,100,null]]');
INSERT INTO readings (reading, version, current, title, author, language, sections) VALUES ('209ab74049d53856526ca3e4240d2df8', '372881b7706bb4638fd11a887ca5f538', 1, 'Regrouping', NULL, 'en', '[["headline",0,10,null],["body",12,95,null]]');
INSERT INTO readings (reading, version, current, title, author, language, sections) VALUES ('ad608670d8c3513c0d4010436803eef3', 'cba98e2267f892d3ffcf5f413eb58023', 1, 'Pinewell', NULL, 'en', '[["headline",0,8,null],["body",10,70,null]]');
INSERT INTO sentences (sentence, reading, start, "end", text) VALUES (1, '06ea32af817a80ecfeb8f0da187abd87', 15, 72, 'The Green Front took Oakford from the Red Army on Monday.');
INSERT INTO sentences (sentence, reading, start, "end", text) VALUES (2, '06ea32af817a80ecfeb8f0da187abd87', 73, 99, 'It was quiet in the hills.');
INSERT INTO sentences (sentence, reading, start, "end", text) VALUES (3, '209ab74049d53856526ca3e4240d2df8', 12, 67, 'A military source said the army withdrew from Pinewell.');
INSERT INTO sentences (sentence, reading, start, "end", text) VALUES (4, '209ab74049d53856526ca3e4240d2df8', 68, 94, 'It was quiet in the hills.');
INSERT INTO sentences (sentence, reading, start, "end", text) VALUES (5, 'ad608670d8c3513c0d4010436803eef3', 10, 42, 'The Red Army took Pinewell back.');
INSERT INTO sentences (sentence, reading, start, "end", text) VALUES (6, 'ad608670d8c3513c0d4010436803eef3', 43, 69, 'It was quiet in the hills.');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('06ea32af817a80ecfeb8f0da187abd87', 19, 30, 'actor', 'Green Front', NULL, NULL, '{"antecedent":null,"end":30,"form":"name","id":null,"kind":"actor","name":null,"start":19,"text":"Green Front"}');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('06ea32af817a80ecfeb8f0da187abd87', 36, 43, 'place', 'Oakford', 'x:oakford', 'Oakford', '{"admin1":null,"antecedent":null,"country":null,"end":43,"form":"name","head_noun":null,"id":"x:oakford","kind":"place","latitude":null,"longitude":null,"name":"Oakford","near":false,"parent":null,"precision":null,"start":36,"text":"Oakford"}');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('209ab74049d53856526ca3e4240d2df8', 39, 43, 'actor', 'army', NULL, NULL, '{"antecedent":null,"end":43,"form":"name","id":null,"kind":"actor","name":null,"start":39,"text":"army"}');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('209ab74049d53856526ca3e4240d2df8', 58, 66, 'place', 'Pinewell', 'x:pinewell', 'Pinewell', '{"admin1":null,"antecedent":null,"country":null,"end":66,"form":"name","head_noun":null,"id":"x:pinewell","kind":"place","latitude":null,"longitude":null,"name":"Pinewell","near":false,"parent":null,"precision":null,"start":58,"text":"Pinewell"}');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('ad608670d8c3513c0d4010436803eef3', 14, 22, 'actor', 'Red Army', NULL, NULL, '{"antecedent":null,"end":22,"form":"name","id":null,"kind":"actor","name":null,"start":14,"text":"Red Army"}');
INSERT INTO mentions (reading, start, "end", kind, text, id, name, detail) VALUES ('ad608670d8c3513c0d4010436803eef3', 28, 36, 'place', 'Pinewell', 'x:pinewell', 'Pinewell', '{"admin1":null,"antecedent":null,"country":null,"end":36,"form":"name","head_noun":null,"id":"x:pinewell","kind":"place","latitude":null,"longitude":null,"name":"Pinewell","near":false,"parent":null,"precision":null,"start":28,"text":"Pinewell"}');
INSERT INTO claims (claim_id, reading, sentence, section, kind, modality, trigger_start, trigger_end, attribution, actor, recipient, place, date_start, date_end, date_text, quantity, rule) VALUES ('17bf0f9f253cf6a1', '06ea32af817a80ecfeb8f0da187abd87', 1, 'body', 'capture', 'asserted', 31, 35, '[]', '{"end":30,"id":null,"name":null,"start":19,"text":"Green Front"}', '{"end":61,"id":null,"name":null,"start":53,"text":"Red Army"}', '{"admin1":null,"country":null,"end":43,"id":"x:oakford","latitude":10.1,"longitude":20.4,"name":"Oakford","near":false,"parent":null,"precision":"town","start":36,"text":"Oakford"}', '2031-05-05', '2031-05-05', NULL, NULL, 'capture.verb');
INSERT INTO claims (claim_id, reading, sentence, section, kind, modality, trigger_start, trigger_end, attribution, actor, recipient, place, date_start, date_end, date_text, quantity, rule) VALUES ('bd69e388210dcb95', '209ab74049d53856526ca3e4240d2df8', 3, 'body', 'withdrawal', 'asserted', 44, 52, '[{"id":null,"text":"A military source"}]', '{"end":43,"id":null,"name":null,"start":39,"text":"army"}', NULL, '{"admin1":null,"country":null,"end":66,"id":"x:pinewell","latitude":10.1,"longitude":20.4,"name":"Pinewell","near":false,"parent":null,"precision":"town","start":58,"text":"Pinewell"}', '2031-05-08', '2031-05-08', NULL, NULL, 'capture.verb');
INSERT INTO claims (claim_id, reading, sentence, section, kind, modality, trigger_start, trigger_end, attribution, actor, recipient, place, date_start, date_end, date_text, quantity, rule) VALUES ('d6619ba9f611ab3f', 'ad608670d8c3513c0d4010436803eef3', 5, 'body', 'capture', 'asserted', 23, 27, '[]', '{"end":22,"id":null,"name":null,"start":14,"text":"Red Army"}', NULL, '{"admin1":null,"country":null,"end":36,"id":"x:pinewell","latitude":10.1,"longitude":20.4,"name":"Pinewell","near":false,"parent":null,"precision":"town","start":28,"text":"Pinewell"}', '2031-05-20', '2031-05-20', NULL, NULL, 'capture.verb');
INSERT INTO failures (id, code, message, source) VALUES ('four', 'encoding', 'not in UTF-8', 'four.txt');
INSERT INTO arrivals (arrival, reading, arrived_at) VALUES (1, '06ea32af817a80ecfeb8f0da187abd87', '2026-11-21T11:16:12+00:00');
INSERT INTO arrivals (arrival, reading, arrived_at) VALUES (2, '209ab74049d53856526ca3e4240d2df8', '2026-11-21T11:16:12+00:00');
INSERT INTO arrivals (arrival, reading, arrived_at) VALUES (3, 'ad608670d8c3513c0d4010436803eef3', '2026-11-21T11:16:12+00:00');
PRAGMA user_version = 1;
