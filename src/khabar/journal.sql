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
