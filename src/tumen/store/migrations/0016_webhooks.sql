-- Where organisations are told of events (docs/webhooks.md). Insert-only: a webhook's state is its
-- last turn. There is no row for an event and none that waits: what is due is read by the cursor.

CREATE TABLE webhook (
    webhook_id text COLLATE "C" PRIMARY KEY,
    number integer GENERATED ALWAYS AS IDENTITY UNIQUE,   -- by which its deliverer locks it
    organisation text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    types text COLLATE "C" NOT NULL,            -- in order, joined by commas
    secret bytea NOT NULL,                      -- sealed under a key of the node
    made_at timestamptz NOT NULL,
    made_by text COLLATE "C" NOT NULL           -- a login, or the key that was shown
);
CREATE INDEX ON webhook (organisation);

CREATE TABLE webhook_end (
    webhook_id text COLLATE "C" PRIMARY KEY REFERENCES webhook,
    ended_at timestamptz NOT NULL,
    recorded_by text COLLATE "C" NOT NULL
);

-- What came of it, turn by turn. The primary key is the compare-and-set: of two that would follow
-- the same turn one is refused, so that a replay is never undone by a delivery under way.
CREATE TABLE webhook_turn (
    webhook_id text COLLATE "C" NOT NULL REFERENCES webhook,
    turn integer NOT NULL,
    kind text COLLATE "C" NOT NULL
        CHECK (kind IN ('began', 'delivered', 'failed', 'disabled', 'replayed')),
    run integer NOT NULL,                       -- the turn with which it last began or was replayed
    cursor bigint NOT NULL,                     -- events up to this number are delivered
    until bigint,                               -- the last event of what was sent
    message text COLLATE "C",                   -- the id under which it was sent
    events integer NOT NULL,                    -- how many
    status integer,                             -- of the answer; null where none came
    fault text COLLATE "C",                     -- why none came
    failures integer NOT NULL,                  -- in a row
    failing_since timestamptz,
    next_at timestamptz NOT NULL,               -- not before
    at timestamptz NOT NULL,
    PRIMARY KEY (webhook_id, turn)
);

-- None of it is for the application's role: an address may hold a secret of its own.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['webhook', 'webhook_end', 'webhook_turn']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('REVOKE ALL ON %I FROM tumen_app', name);
    END LOOP;
END $$;
