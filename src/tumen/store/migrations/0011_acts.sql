-- What people and carriers add to a consignment's life: an officer's acts, what happened on the
-- journey, and the examinations that agencies ask for. Facts are insert-only.

-- What an officer did, under the event that it made. Whoever acts is known to the office by a mark.
CREATE TABLE decision (
    event_id bigint PRIMARY KEY,
    document_id bigint NOT NULL,
    act text COLLATE "C" NOT NULL,
    authority text COLLATE "C" NOT NULL,     -- the economy whose law is applied
    organisation text COLLATE "C" NOT NULL,  -- the office
    officer text COLLATE "C" NOT NULL,       -- the office's own mark of the officer, no name
    reason text NOT NULL,                    -- told to the filer; nothing personal
    security text,                           -- the guarantee under which goods with an unknown charge go
    undoes bigint                            -- the event that is undone
);
CREATE INDEX ON decision (document_id);

-- What a carrier or a border point saw of a waybill: a document of its own.
CREATE TABLE journey_event (
    document_id bigint PRIMARY KEY,
    batch_id bigint NOT NULL,
    sender text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,           -- sender|own_reference
    digest uuid NOT NULL,
    content_hash bytea NOT NULL,
    answer text COLLATE "C" NOT NULL,
    status integer NOT NULL,
    receipt text NOT NULL,
    own_reference text COLLATE "C" NOT NULL,
    waybill_number text COLLATE "C" NOT NULL,
    step text COLLATE "C" NOT NULL,          -- accepting | departing | arriving | …
    happened_at timestamptz NOT NULL,
    zone_offset text COLLATE "C" NOT NULL,   -- of the place, as EPCIS asks for it
    economy text COLLATE "C" NOT NULL,
    place text NOT NULL,                     -- a town, port or border point; never an address
    UNIQUE (key)
);
CREATE INDEX ON journey_event (waybill_number);

-- One examination for all agencies: what each requires, the appointment, what each found.
CREATE TABLE examination_entry (
    document_id bigint PRIMARY KEY,
    batch_id bigint NOT NULL,
    sender text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,           -- sender|own_reference
    digest uuid NOT NULL,
    content_hash bytea NOT NULL,
    answer text COLLATE "C" NOT NULL,
    status integer NOT NULL,
    receipt text NOT NULL,
    own_reference text COLLATE "C" NOT NULL,
    declaration bigint NOT NULL,             -- the document that is examined
    authority text COLLATE "C" NOT NULL,     -- the economy
    entry text COLLATE "C" NOT NULL,         -- required | appointed | passed | failed | recognised
    matter text COLLATE "C",                 -- customs | quarantine | food | technical; null: appointed
    place text,
    starts_at timestamptz,
    reference text,                          -- of a certificate, a record, the other side's result
    UNIQUE (key)
);
CREATE INDEX ON examination_entry (declaration);

ALTER TABLE decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE journey_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE examination_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON decision FOR SELECT TO tumen_app USING (
    document_id IN (SELECT document_id FROM declaration
                    UNION ALL SELECT document_id FROM goods_shipment)
);
CREATE POLICY own ON journey_event FOR SELECT TO tumen_app
    USING (sender = current_setting('tumen.sender', true));
CREATE POLICY own ON examination_entry FOR SELECT TO tumen_app USING (
    sender = current_setting('tumen.sender', true)
    OR declaration IN (SELECT document_id FROM declaration
                       UNION ALL SELECT document_id FROM goods_shipment)
);

-- An authority sees what stands under the documents that it sees; where goods are, every one may.
CREATE POLICY authority ON journey_event FOR SELECT TO tumen_app
    USING ((SELECT authority_economy()) IS NOT NULL);
-- An export is decided by the economy that sends.
CREATE POLICY exporting ON goods_shipment FOR SELECT TO tumen_app
    USING (dispatch = (SELECT authority_economy()) AND starts_with(regime_asked, 'export'));

-- What waits for an officer is found without a look at what does not.
CREATE INDEX ON declaration_event (event_id) WHERE status IN ('held', 'examination');

-- Whoever tracks a journey has the waybill's number alone.
CREATE INDEX ON declaration (waybill_number);

-- A filer is told what was decided and why, not by whom in the office.
REVOKE SELECT ON decision FROM tumen_app;
GRANT SELECT (event_id, document_id, act, authority, reason, security, undoes) ON decision TO tumen_app;
