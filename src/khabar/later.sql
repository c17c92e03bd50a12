-- Tables that came after the form of schema.sql was settled: made when a record is first written to again, so that older records open.

-- Each report that arrives asks for the readings of its version.
CREATE INDEX IF NOT EXISTS readings_by_version ON readings (version);

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
