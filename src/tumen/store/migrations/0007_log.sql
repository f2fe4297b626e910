-- The log of the node (ADR 6): one Merkle tree an origin, written in the transaction of the facts.
-- Insert-only. Everything here is derived from the facts, and the audit derives it again.

-- A log. After a restore that lost what was shown, a new one begins under a new name. The facts
-- before these numbers are under none of its leaves.
CREATE TABLE log_origin (
    origin_id integer PRIMARY KEY,         -- 1, 2, …: the last one is written on
    name text COLLATE "C" NOT NULL UNIQUE,
    first_batch bigint NOT NULL,
    first_document bigint NOT NULL,
    first_event bigint NOT NULL,
    first_list bigint NOT NULL,
    first_artefact bigint NOT NULL
);

-- The leaves that one transaction appended, and the checkpoint signed after them. The leaf of a
-- document, event or batch has its place by these numbers.
CREATE TABLE log_append (
    origin_id integer NOT NULL REFERENCES log_origin,
    first_leaf bigint NOT NULL,
    leaves integer NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('batch', 'list', 'artefact')),
    subject bigint NOT NULL,               -- batch_id, list_id or artefact_id
    first_document bigint NOT NULL,        -- 0 where there is none
    documents integer NOT NULL,
    first_event bigint NOT NULL,           -- 0 where there is none
    events integer NOT NULL,
    commitments bytea NOT NULL,            -- 32 bytes a leaf: the entries of the log
    facts bytea NOT NULL,                  -- 32 bytes a leaf: what the statements say of the rows
    checkpoint bytea NOT NULL,             -- a signed note
    PRIMARY KEY (origin_id, first_leaf),
    UNIQUE (origin_id, kind, subject),
    CHECK (leaves > 0 AND octet_length(commitments) = 32 * leaves
        AND octet_length(facts) = 32 * leaves)
);
CREATE INDEX ON log_append (first_document) WHERE kind = 'batch';
CREATE INDEX ON log_append (first_event) WHERE kind = 'batch';

-- The full tiles of the tree: 256 hashes each, and the root over them.
CREATE TABLE log_tile (
    origin_id integer NOT NULL REFERENCES log_origin,
    level integer NOT NULL,
    index bigint NOT NULL,
    hashes bytea NOT NULL CHECK (octet_length(hashes) = 256 * 32),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    PRIMARY KEY (origin_id, level, index)
);

-- Hashes cannot be compressed; uncompressed, a part of a value is read without the rest.
ALTER TABLE log_append ALTER COLUMN commitments SET STORAGE EXTERNAL,
    ALTER COLUMN facts SET STORAGE EXTERNAL;
ALTER TABLE log_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- What witnesses answered: the signature line of each over the checkpoint of a size.
CREATE TABLE log_cosignature (
    origin_id integer NOT NULL REFERENCES log_origin,
    size bigint NOT NULL,
    witness text COLLATE "C" NOT NULL,     -- the name of its key
    line text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (origin_id, size, witness)
);

-- What else is witnessed by its hash: a trust bundle, a status list, a credential, an erasure.
CREATE SEQUENCE artefact_number;  -- artefact_id
CREATE TABLE log_artefact (
    artefact_id bigint PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    content bytea NOT NULL CHECK (octet_length(content) = 32),
    name text NOT NULL,                    -- what it is called; nothing personal
    recorded_at timestamptz NOT NULL
);

-- Which batch found it: a later one than the document's where a match brought it to light. Null
-- where it was found before there was a log.
ALTER TABLE document_violation ADD COLUMN batch_id bigint;
ALTER TABLE document_violation
    ADD CONSTRAINT found_by_a_batch CHECK (batch_id IS NOT NULL) NOT VALID;
CREATE INDEX ON document_violation (batch_id) WHERE position >= 1000;
CREATE INDEX ON person_key USING brin (batch_id) WITH (pages_per_range = 16);

-- The recorder alone reads and writes the log; what is public of it is published as files.
ALTER TABLE log_origin ENABLE ROW LEVEL SECURITY;
ALTER TABLE log_append ENABLE ROW LEVEL SECURITY;
ALTER TABLE log_tile ENABLE ROW LEVEL SECURITY;
ALTER TABLE log_cosignature ENABLE ROW LEVEL SECURITY;
ALTER TABLE log_artefact ENABLE ROW LEVEL SECURITY;
