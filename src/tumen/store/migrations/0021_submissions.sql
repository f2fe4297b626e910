-- A batch that several senders lodged together (sender '*') is nobody's own: when it was recorded, and
-- by which law, each of them may know, and whoever else lodges. Whose a document is stands on its row.
CREATE POLICY shared ON batch FOR SELECT TO tumen_app USING (
    sender = '*' AND current_setting('tumen.sender', true) <> ''
);
-- How many documents it has would tell what others lodged.
REVOKE SELECT (documents) ON batch FROM tumen_app;

-- A submission whose sender did not wait for the answer (docs/api.md). What it lodged has its own rows,
-- receipts and leaves; here is only where to find them. One without an end is under way, or was lost
-- with the process that held it: sent again, what was recorded of it is a duplicate.
CREATE TABLE submission (
    submission_id text COLLATE "C" PRIMARY KEY,
    sender text COLLATE "C" NOT NULL,
    documents integer NOT NULL,                 -- how many rows it has at most
    received_at timestamptz NOT NULL
);
CREATE TABLE submission_end (
    submission_id text COLLATE "C" PRIMARY KEY REFERENCES submission,
    sender text COLLATE "C" NOT NULL,
    fault text COLLATE "C",                     -- why it was not answered; null where it was
    answers text,                               -- JSON: place, document, answer, status of each row
    ended_at timestamptz NOT NULL
);
ALTER TABLE submission ENABLE ROW LEVEL SECURITY;
ALTER TABLE submission_end ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON submission FOR SELECT TO tumen_app
    USING (sender = current_setting('tumen.sender', true));
CREATE POLICY own ON submission_end FOR SELECT TO tumen_app
    USING (sender = current_setting('tumen.sender', true));
