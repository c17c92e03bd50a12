-- Files that were taken in by `khabar import`. These tables are made with the first such file, so a record without them is as good as one
-- into which nothing was imported.

-- `import` is a hash of the other columns but the name, which is only how the file was called when it first came.
CREATE TABLE IF NOT EXISTS imports (
    import    TEXT PRIMARY KEY,
    sha256    TEXT NOT NULL CHECK (length(sha256) = 64),       -- of the file
    layout    TEXT NOT NULL CHECK (layout IN ('acled', 'ged', 'claims')),
    speaker   TEXT NOT NULL CHECK (speaker <> ''),             -- whose word the rows are; of claims, who coded them
    published TEXT CHECK (published IS date(published)),       -- the day that was given for rows that name none
    is_whole  INTEGER NOT NULL CHECK (is_whole IN (0, 1)),     -- 1: the rows' originals, one after the other, are the file
    name      TEXT NOT NULL
) WITHOUT ROWID;

-- The rows of a file in their order, 1 being the heading; of claims, the reports that they cite. `version`: what a row was kept as; NULL for
-- a heading, and for a row that was refused.
CREATE TABLE IF NOT EXISTS imported (
    import  TEXT NOT NULL REFERENCES imports (import),
    number  INTEGER NOT NULL CHECK (number > 0),
    sha256  TEXT NOT NULL REFERENCES originals (sha256),
    version TEXT REFERENCES reports (version),
    PRIMARY KEY (import, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS imported_by_version ON imported (version) WHERE version IS NOT NULL;

-- An import, or an earlier decision on one, is taken back: signed, dated, with a reason.
CREATE TABLE IF NOT EXISTS import_decisions (
    decision  TEXT PRIMARY KEY,                                -- a hash of the other columns
    withdraws TEXT NOT NULL CHECK (withdraws <> ''),
    reason    TEXT NOT NULL CHECK (reason <> ''),
    signed_by TEXT NOT NULL CHECK (signed_by <> ''),
    signed_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS imports_stay BEFORE UPDATE ON imports BEGIN SELECT RAISE (ABORT, 'imports are never altered'); END;
CREATE TRIGGER IF NOT EXISTS imports_are_kept BEFORE DELETE ON imports BEGIN SELECT RAISE (ABORT, 'imports are append-only'); END;
CREATE TRIGGER IF NOT EXISTS imported_stay BEFORE UPDATE ON imported BEGIN SELECT RAISE (ABORT, 'imported rows are never altered'); END;
CREATE TRIGGER IF NOT EXISTS imported_are_kept BEFORE DELETE ON imported BEGIN SELECT RAISE (ABORT, 'imported rows are append-only'); END;
CREATE TRIGGER IF NOT EXISTS import_decisions_stay BEFORE UPDATE ON import_decisions BEGIN SELECT RAISE (ABORT, 'decisions are never altered'); END;
CREATE TRIGGER IF NOT EXISTS import_decisions_are_kept BEFORE DELETE ON import_decisions BEGIN SELECT RAISE (ABORT, 'decisions are append-only'); END;
