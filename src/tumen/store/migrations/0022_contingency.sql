-- Contingency: while an authority is unreachable what is lodged before it is accepted and waits for its
-- decision (docs/contingency.md). Insert-only: an economy's state is its last entry. Each entry is under
-- the leaf of an artefact. Nobody reads it by the application's role: what is told of it is told to all.
CREATE TABLE contingency_entry (
    artefact_id bigint PRIMARY KEY,
    economy text COLLATE "C" NOT NULL,
    act text COLLATE "C" NOT NULL CHECK (act IN ('begin', 'end')),
    reason text COLLATE "C" NOT NULL,          -- for everybody; nothing personal
    organisation text COLLATE "C" NOT NULL,
    officer text COLLATE "C" NOT NULL,         -- the office's own mark; no name
    recorded_at timestamptz NOT NULL
);
CREATE INDEX ON contingency_entry (economy, artefact_id);
ALTER TABLE contingency_entry ENABLE ROW LEVEL SECURITY;

-- What waits for a decision is found without a look at what does not.
CREATE INDEX ON declaration_event (document_id) WHERE status = 'awaiting';
