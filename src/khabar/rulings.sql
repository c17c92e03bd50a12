-- What persons decided about the places and the incidents of a record. Made when the first such row is written, so a record without this
-- table is as good as one in which nothing was decided. Signed, dated, with a reason; withdrawn by a further row.
CREATE TABLE IF NOT EXISTS rulings (
    ruling    TEXT PRIMARY KEY,                       -- a hash of the other columns
    verdict   TEXT NOT NULL CHECK (verdict IN ('place', 'leave', 'merge', 'split', 'withdraw')),
    -- place: {key, place: {id, name, latitude, …}}; leave: {subject, key}; merge, split: {claims: [claim_id, …]}
    content   TEXT NOT NULL CHECK (json_valid(content)),
    reason    TEXT NOT NULL CHECK (reason <> ''),
    signed_by TEXT NOT NULL CHECK (signed_by <> ''),
    signed_at TEXT NOT NULL,
    withdraws TEXT REFERENCES rulings (ruling)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS rulings_stay BEFORE UPDATE ON rulings BEGIN SELECT RAISE (ABORT, 'rulings are never altered'); END;
CREATE TRIGGER IF NOT EXISTS rulings_are_kept BEFORE DELETE ON rulings BEGIN SELECT RAISE (ABORT, 'rulings are append-only'); END;
