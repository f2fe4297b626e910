-- Persons who guard their own yearly allowance, and questions to the help desk. Insert-only, but for
-- the keys of old tickets, which are destroyed.

-- What a person did to guard the own allowance, or an office for or about the person. A fact of its
-- own, under the leaf of the artefact of its number. A person is its blind index, as everywhere.
CREATE TABLE person_step (
    artefact_id bigint PRIMARY KEY,          -- in log_artefact
    person uuid NOT NULL,
    step text COLLATE "C" NOT NULL,          -- identified | frozen | unfrozen | disputed | upheld | refused
    document_id bigint,                      -- the declaration whose use is disputed or judged
    ground text COLLATE "C",                 -- why it is disputed, one of a list: no words of a person
    answers bigint,                          -- the dispute that is judged
    organisation text COLLATE "C",           -- the office that acted; null where the person did
    officer text COLLATE "C",                -- the office's own mark of the officer, no name
    reason text,                             -- the officer's; nothing personal
    recorded_at timestamptz NOT NULL
);
CREATE INDEX ON person_step (person, artefact_id);
CREATE INDEX ON person_step (artefact_id) WHERE step = 'disputed';
CREATE INDEX ON person_step (answers) WHERE answers IS NOT NULL;

-- By what a person is known here who was identified at an office: a secret, kept as its hash.
CREATE TABLE person_pass (
    pass_id text COLLATE "C" PRIMARY KEY,
    person uuid NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),   -- SHA-256 of the secret, which is random
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    made_by text COLLATE "C" NOT NULL,
    CHECK (expires_at > made_at)
);
CREATE INDEX ON person_pass (person);

CREATE TABLE person_pass_end (
    pass_id text COLLATE "C" PRIMARY KEY REFERENCES person_pass,
    ended_at timestamptz NOT NULL,
    recorded_by text COLLATE "C" NOT NULL
);

-- Up to which event a person said to have seen the uses.
CREATE TABLE person_look (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person uuid NOT NULL,
    seen_event bigint NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ON person_look (person, entry);

-- A question to the help desk. Its number is drawn by lot, so that it tells nobody how many there are.
CREATE TABLE ticket (
    ticket_id text COLLATE "C" PRIMARY KEY,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),   -- of the secret that its asker was shown
    topic text COLLATE "C" NOT NULL,
    economy text COLLATE "C",
    language text COLLATE "C" NOT NULL,
    organisation text COLLATE "C",           -- whose question it is; null for somebody of the public
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL              -- by when the node means to answer first
);
CREATE INDEX ON ticket (asked_at, ticket_id);
CREATE INDEX ON ticket (organisation) WHERE organisation IS NOT NULL;

-- What was said is sealed under a key of the ticket, for people write what they should not.
CREATE TABLE ticket_key (
    ticket_id text COLLATE "C" PRIMARY KEY REFERENCES ticket,
    wrapped bytea NOT NULL
);

CREATE TABLE ticket_message (
    ticket_id text COLLATE "C" NOT NULL REFERENCES ticket,
    position integer NOT NULL,
    is_answer boolean NOT NULL,
    organisation text COLLATE "C",           -- of who answers
    person text COLLATE "C",                 -- a login or a key, as the office knows it
    sealed bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, position)
);

CREATE TABLE ticket_end (
    ticket_id text COLLATE "C" PRIMARY KEY REFERENCES ticket,
    ended_at timestamptz NOT NULL,
    is_by_asker boolean NOT NULL
);
CREATE INDEX ON ticket_end (ended_at);

-- None of it is for the application's role: the recorder asks by the person, or by the ticket.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'person_step', 'person_pass', 'person_pass_end', 'person_look',
        'ticket', 'ticket_key', 'ticket_message', 'ticket_end'
    ]
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('REVOKE ALL ON %I FROM tumen_app', name);
    END LOOP;
END $$;

-- What was said in a ticket is forgotten some time after its end: its key is destroyed. Nobody is
-- given DELETE; this takes no key of a ticket that is open.
CREATE FUNCTION forget_tickets(before timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public
BEGIN ATOMIC
    WITH gone AS (
        DELETE FROM ticket_key k USING ticket_end e
        WHERE e.ticket_id = k.ticket_id AND e.ended_at < before
        RETURNING 1
    )
    SELECT count(*) FROM gone;
END;
REVOKE EXECUTE ON FUNCTION forget_tickets(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_tickets(timestamptz) TO tumen_recorder;
