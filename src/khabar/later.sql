-- Tables that came after the form of schema.sql was settled: made when a record is first written to again, so that older records open.

-- Each report that arrives asks for the readings of its version.
CREATE INDEX IF NOT EXISTS readings_by_version ON readings (version);

-- Claims on places that no gazetteer has are found by the words for them.
CREATE INDEX IF NOT EXISTS claims_by_place_words ON claims (json_extract(place, '$.text'));

-- What more a report brought than every report has. `original_text` and `translated_by`: of a translation; `revised`: the day of this very
-- text, where the page or the archive that it came from says so.
CREATE TABLE IF NOT EXISTS particulars (
    version TEXT NOT NULL REFERENCES reports (version),
    name    TEXT NOT NULL CHECK (name IN ('original_text', 'translated_by', 'revised')),
    value   TEXT NOT NULL CHECK (value <> ''),
    PRIMARY KEY (version, name)
) WITHOUT ROWID;

-- What was blanked for good: which text, why, by whom and when. The hashes are those of what stood there before.
CREATE TABLE IF NOT EXISTS redactions (
    redaction_id TEXT PRIMARY KEY,
    version      TEXT NOT NULL REFERENCES reports (version),
    extent       TEXT NOT NULL CHECK (extent IN ('text', 'name')),
    text_sha256  TEXT NOT NULL CHECK (length(text_sha256) = 64),
    sha256       TEXT NOT NULL,                       -- of the original bytes, which are gone; '' where there were none
    reason       TEXT NOT NULL CHECK (reason <> ''),
    signed_by    TEXT NOT NULL CHECK (signed_by <> ''),
    signed_at    TEXT NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS redactions_stay BEFORE UPDATE ON redactions BEGIN SELECT RAISE (ABORT, 'redactions are never altered'); END;
CREATE TRIGGER IF NOT EXISTS redactions_are_kept BEFORE DELETE ON redactions BEGIN SELECT RAISE (ABORT, 'redactions are append-only'); END;

-- What readings were made with: the version of the program and the hashes of its code, rules, model, registry and knowledge, as JSON.
-- `derivation` is a hash of it.
CREATE TABLE IF NOT EXISTS derivations (
    derivation TEXT PRIMARY KEY,
    detail     TEXT NOT NULL CHECK (json_valid(detail))
) WITHOUT ROWID;

-- What was read with what. `report`: a hash of all that is read of a report, its sections and its title, too: a build that was stopped goes
-- on after the reports that are in here.
CREATE TABLE IF NOT EXISTS derived_readings (
    report     TEXT NOT NULL,
    derivation TEXT NOT NULL REFERENCES derivations (derivation),
    reading    TEXT NOT NULL REFERENCES readings (reading),
    PRIMARY KEY (report, derivation, reading)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS derivations_stay BEFORE UPDATE ON derivations BEGIN SELECT RAISE (ABORT, 'derivations are never altered'); END;
CREATE TRIGGER IF NOT EXISTS derivations_are_kept BEFORE DELETE ON derivations BEGIN SELECT RAISE (ABORT, 'derivations are append-only'); END;
CREATE TRIGGER IF NOT EXISTS derived_readings_stay BEFORE UPDATE ON derived_readings BEGIN SELECT RAISE (ABORT, 'what a reading was made with stays'); END;
CREATE TRIGGER IF NOT EXISTS derived_readings_are_kept BEFORE DELETE ON derived_readings BEGIN SELECT RAISE (ABORT, 'what a reading was made with is kept'); END;
