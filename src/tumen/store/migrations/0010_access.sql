-- Who may ask: organisations, their keys, people and sessions (docs/access.md). Insert-only: of the
-- entries under one mark the last one holds, and what ended has a row that says so. Secrets stand
-- here only as what cannot be turned back: hashes, and a sealed seed of codes.

CREATE TABLE organisation_entry (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation text COLLATE "C" NOT NULL,     -- its mark: the sender of what it lodges
    name text NOT NULL,
    roles text COLLATE "C" NOT NULL,            -- in order, joined by commas
    economy text COLLATE "C",
    is_active boolean NOT NULL,
    is_demo boolean NOT NULL,                   -- made up, to try things with
    recorded_at timestamptz NOT NULL,
    recorded_by text COLLATE "C" NOT NULL       -- a login, or `console` for who holds the machine
);
CREATE INDEX ON organisation_entry (organisation, entry);

CREATE TABLE api_key (
    key_id text COLLATE "C" PRIMARY KEY,
    organisation text COLLATE "C" NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),   -- SHA-256 of the secret, which is random
    scopes text COLLATE "C",                    -- permissions joined by commas; null is all
    label text NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    made_by text COLLATE "C" NOT NULL,
    CHECK (expires_at > made_at)
);
CREATE INDEX ON api_key (organisation);

-- The earliest end holds: a key that is rotated lives on for some days, and may be ended at once.
CREATE TABLE api_key_end (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_id text COLLATE "C" NOT NULL REFERENCES api_key,
    ends_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text COLLATE "C" NOT NULL
);
CREATE INDEX ON api_key_end (key_id);

-- People who sign in for an organisation. A login is a chosen mark, not a name or an address.
CREATE TABLE account_entry (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text COLLATE "C" NOT NULL,
    organisation text COLLATE "C" NOT NULL,
    is_active boolean NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text COLLATE "C" NOT NULL
);
CREATE INDEX ON account_entry (login, entry);
CREATE INDEX ON account_entry (organisation);

CREATE TABLE account_secret (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('password', 'totp')),
    value bytea,                                -- an argon2id hash, a sealed seed; null takes it away
    recorded_at timestamptz NOT NULL,
    recorded_by text COLLATE "C" NOT NULL
);
CREATE INDEX ON account_secret (login, kind, entry);

-- The person of an issuer of identities who signs in as one of ours.
CREATE TABLE account_identity (
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    login text COLLATE "C" NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    PRIMARY KEY (issuer, subject)
);

CREATE TABLE account_session (
    hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),   -- SHA-256 of the cookie's token
    login text COLLATE "C" NOT NULL,
    method text COLLATE "C" NOT NULL,           -- password | password+totp | oidc
    started_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON account_session (login);

CREATE TABLE account_session_end (
    hash bytea PRIMARY KEY REFERENCES account_session,
    ended_at timestamptz NOT NULL
);

-- Who tries too often waits. What a stranger typed is not kept: it may be a password.
CREATE TABLE sign_in_attempt (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login_hash bytea NOT NULL CHECK (octet_length(login_hash) = 32),
    has_succeeded boolean NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ON sign_in_attempt (login_hash, at);

-- A code of a login counts once: the key is the compare-and-set.
CREATE TABLE totp_use (
    login text COLLATE "C" NOT NULL,
    step bigint NOT NULL,
    PRIMARY KEY (login, step)
);

-- None of it is for the application's role: the recorder alone reads who may ask.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'organisation_entry', 'api_key', 'api_key_end', 'account_entry', 'account_secret',
        'account_identity', 'account_session', 'account_session_end', 'sign_in_attempt', 'totp_use'
    ]
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('REVOKE ALL ON %I FROM tumen_app', name);
    END LOOP;
END $$;

-- The economy whose authority is asking: SET LOCAL tumen.authority and tumen.economy say so. Null
-- for everybody else, so that a policy that asks for it is not met.
CREATE FUNCTION authority_economy() RETURNS text LANGUAGE sql STABLE RETURN
    CASE WHEN current_setting('tumen.authority', true) IN ('customs', 'agency')
        THEN nullif(current_setting('tumen.economy', true), '') END;

-- The documents of the Chinese messages are lodged with the customs of China; a native shipment
-- with that of its destination. What hangs on a document is seen with it (0005, 0006).
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'trade_order', 'payment', 'waybill', 'declaration', 'revocation', 'goods_return'
    ]
    LOOP
        EXECUTE format(
            'CREATE POLICY authority ON %I FOR SELECT TO tumen_app'
            ' USING ((SELECT authority_economy()) = ''CN'')', name);
    END LOOP;
    -- Other agencies see goods and where they stand, not what was paid for them or is due.
    FOREACH name IN ARRAY ARRAY[
        'payment', 'assessment', 'charge', 'allowance_entry', 'shipment_assessment',
        'shipment_charge'
    ]
    LOOP
        EXECUTE format(
            'CREATE POLICY not_for_agencies ON %I AS RESTRICTIVE FOR SELECT TO tumen_app'
            ' USING (coalesce(current_setting(''tumen.authority'', true), '''') <> ''agency'')',
            name);
    END LOOP;
END $$;
CREATE POLICY authority ON goods_shipment FOR SELECT TO tumen_app
    USING (destination = (SELECT authority_economy()));

-- Who reads for others signs in to the server as somebody who can be nothing but tumen_app: a role
-- that is only set could be set back. Roles are made by whoever migrates, not by the owner of tables.
RESET ROLE;
DO $$
BEGIN
    IF to_regrole('tumen_web') IS NULL THEN
        CREATE ROLE tumen_web LOGIN NOINHERIT;
    END IF;
    GRANT tumen_app TO tumen_web;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
SET LOCAL ROLE tumen_owner;
