-- What persons decided about the actors of a record, and the registry files that it was built with. These tables are made when the first
-- such row is written, so a record without them is as good as one in which nothing was decided.

-- `actor` (an id, provisional where no registry has the actor) is `becomes` from here on: of this name and kind where no registry has it.
-- Signed, dated, with a reason; withdrawn by a further decision.
CREATE TABLE IF NOT EXISTS actor_decisions (
    decision  TEXT PRIMARY KEY,                       -- a hash of the other columns
    actor     TEXT NOT NULL CHECK (actor <> ''),
    becomes   TEXT NOT NULL CHECK (becomes <> ''),
    name      TEXT,
    kind      TEXT,
    reason    TEXT NOT NULL CHECK (reason <> ''),
    signed_by TEXT NOT NULL CHECK (signed_by <> ''),
    signed_at TEXT NOT NULL,
    withdraws TEXT REFERENCES actor_decisions (decision)
) WITHOUT ROWID;

-- Registry files of the user's own, as they were when reports were read with them: the record answers the same without the files.
CREATE TABLE IF NOT EXISTS actor_files (
    sha256  TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    name    TEXT NOT NULL,
    text    TEXT NOT NULL,
    kept_at TEXT NOT NULL                             -- of two entries with one id the later counts
) WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS actor_decisions_stay BEFORE UPDATE ON actor_decisions BEGIN SELECT RAISE (ABORT, 'decisions are never altered'); END;
CREATE TRIGGER IF NOT EXISTS actor_decisions_are_kept BEFORE DELETE ON actor_decisions BEGIN SELECT RAISE (ABORT, 'decisions are append-only'); END;
CREATE TRIGGER IF NOT EXISTS actor_files_stay BEFORE UPDATE ON actor_files BEGIN SELECT RAISE (ABORT, 'registry files are never altered'); END;
CREATE TRIGGER IF NOT EXISTS actor_files_are_kept BEFORE DELETE ON actor_files BEGIN SELECT RAISE (ABORT, 'registry files are append-only'); END;
