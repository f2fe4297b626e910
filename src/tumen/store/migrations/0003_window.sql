-- What the window decides about documents. Facts are insert-only; a status is the last event.

-- The key of two parts, as documents have it: joined by a bar, a bar within a part escaped.
CREATE FUNCTION document_key(first text, second text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    replace(replace(first, '\', '\\'), '|', '\|') || '|'
    || replace(replace(second, '\', '\\'), '|', '\|');

CREATE SEQUENCE document_number;   -- document_id
CREATE SEQUENCE batch_number;      -- batch_id
CREATE SEQUENCE customs_serial MAXVALUE 999999999;  -- the nine digits of declaration numbers

-- A batch is what went down the road in one transaction, with the law and the seed it used.
CREATE TABLE batch (
    batch_id bigint PRIMARY KEY,
    sender text COLLATE "C" NOT NULL,
    recorded_at timestamptz NOT NULL,
    law_version text NOT NULL,
    screening_seed text NOT NULL,
    documents integer NOT NULL
);

-- A row that could not be read as a document still has its answer.
CREATE TABLE refusal (
    document_id bigint PRIMARY KEY,
    batch_id bigint NOT NULL,
    sender text COLLATE "C" NOT NULL,
    digest uuid NOT NULL UNIQUE,
    receipt text NOT NULL
);

-- Why a document was refused or warned about. Personal values are never here.
CREATE TABLE document_violation (
    document_id bigint NOT NULL,
    position smallint NOT NULL,
    code text COLLATE "C" NOT NULL,
    path text NOT NULL,
    value text,
    expected text,
    PRIMARY KEY (document_id, position)
);

-- Personal fields, sealed under a key of the person; erasure destroys the keys, the facts stay.
CREATE TABLE personal_data (
    document_id bigint PRIMARY KEY,
    batch_id bigint NOT NULL,
    person uuid NOT NULL,
    sealed bytea NOT NULL
);

CREATE TABLE person_key (
    person uuid NOT NULL,
    batch_id bigint NOT NULL,
    wrapped bytea NOT NULL,
    PRIMARY KEY (person, batch_id)
);

-- The life of a declaration. Its status is that of the event with the highest number.
CREATE TABLE declaration_event (
    event_id bigint PRIMARY KEY,
    document_id bigint NOT NULL,
    batch_id bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    lane text COLLATE "C",
    codes text NOT NULL,                  -- what spoke for it, joined by commas
    party_hits text,                      -- watch lists that a name resembles, joined by commas
    legal_day date NOT NULL,              -- the day it happened for the law
    recorded_at timestamptz NOT NULL,     -- the moment we recorded it
    receipt text
);
CREATE INDEX ON declaration_event (document_id, event_id);

-- The numbers that customs assigns.
CREATE TABLE declaration_number (
    document_id bigint PRIMARY KEY,
    preliminary_number text COLLATE "C" NOT NULL,
    declaration_number text COLLATE "C" NOT NULL UNIQUE
);

-- What a declaration was assessed at, by the law of its batch.
CREATE TABLE assessment (
    event_id bigint PRIMARY KEY,
    document_id bigint NOT NULL,
    verdict text COLLATE "C" NOT NULL,
    customs_value_fen bigint NOT NULL,
    used_before_fen bigint NOT NULL,
    missing text,
    unverified text
);
CREATE INDEX ON assessment (document_id);

CREATE TABLE charge (
    event_id bigint NOT NULL,
    position smallint NOT NULL,
    code text COLLATE "C" NOT NULL,
    base_fen bigint,
    rate_ppm bigint,
    amount_fen bigint,
    PRIMARY KEY (event_id, position, code)
);

-- The annual allowance is a ledger per person: the balance is the sum of the entries.
CREATE TABLE allowance_entry (
    event_id bigint PRIMARY KEY,
    person uuid NOT NULL,
    year smallint NOT NULL,
    document_id bigint NOT NULL,
    entry text COLLATE "C" NOT NULL,      -- reserved | used | given_back
    amount_fen bigint NOT NULL            -- what it changes the balance by; `used` after `reserved` is 0
);
CREATE INDEX ON allowance_entry (person, year);

-- By these the halves of a match find each other.
CREATE INDEX ON payment (document_key(platform_code, order_number));
CREATE INDEX ON declaration (document_key(carrier_code, waybill_number));
CREATE INDEX ON goods_return (document_key(platform_code, order_number));

-- The mark of the keys that this node's blind indexes and sealed fields are made with.
CREATE TABLE node_keys (
    fingerprint text COLLATE "C" NOT NULL,
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one)
);
