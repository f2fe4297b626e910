-- What this node witnesses of the logs of others (C2SP tlog-witness). Facts are insert-only. No
-- sender reads them: row-level security is on and there is no policy.

-- The last row of a key says whether its log is witnessed: a log is never removed, it ends.
CREATE TABLE witness_log (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    origin text COLLATE "C" NOT NULL,
    verifier_key text COLLATE "C" NOT NULL,   -- name+id+base64
    is_witnessed boolean NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX ON witness_log (origin);

-- Written and durable before the cosignature is sent. The key is the compare-and-set: of two
-- requests that read the same latest row, only one can write the number after it.
CREATE TABLE witness_checkpoint (
    origin text COLLATE "C" NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    size bigint NOT NULL CHECK (size >= 0),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    cosigned_at bigint NOT NULL CHECK (cosigned_at >= 0),   -- POSIX seconds, as cosigned
    note bytea NOT NULL,                      -- the checkpoint as the log signed and sent it
    PRIMARY KEY (origin, number)
);

ALTER TABLE witness_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE witness_checkpoint ENABLE ROW LEVEL SECURITY;
