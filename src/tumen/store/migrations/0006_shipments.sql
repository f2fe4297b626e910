-- Native shipments to the five economies (ADR 5): a document, its goods items, what the law said
-- of it and what it is charged. Its life is in declaration_event, as that of a declaration.
-- Facts are insert-only. Prices and weights are integers at scale 10^5, charges are minor units
-- of their currency.

CREATE TABLE goods_shipment (
    document_id bigint PRIMARY KEY,
    batch_id bigint NOT NULL,
    sender text COLLATE "C" NOT NULL,
    format text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,         -- sender|own_reference
    digest uuid NOT NULL,
    content_hash bytea NOT NULL,
    signature text COLLATE "C",
    answer text COLLATE "C" NOT NULL,
    status integer NOT NULL,
    receipt text NOT NULL,
    own_reference text COLLATE "C",        -- the rest is null where the shipment cannot be read
    destination text COLLATE "C",
    dispatch text COLLATE "C",
    legal_day date,
    regime_asked text COLLATE "C",
    transport text COLLATE "C",
    purpose text COLLATE "C",
    currency text COLLATE "C",
    freight bigint,
    insurance bigint,
    platform text COLLATE "C",
    seller text COLLATE "C",
    buyer_kind text COLLATE "C",
    buyer_index uuid,
    UNIQUE (key, digest)
);

CREATE TABLE goods_shipment_item (
    document_id bigint NOT NULL,
    position smallint NOT NULL,
    hs_code text COLLATE "C",
    description text COLLATE "C",
    quantity numeric,                      -- in the tariff's unit: grams as kilograms, exactly
    unit text COLLATE "C",
    unit_price bigint,                     -- of one of the unit that was stated
    net_weight_kg bigint,
    volume_l bigint,
    origin text COLLATE "C",
    category text COLLATE "C",
    PRIMARY KEY (document_id, position)
);

-- What the law said when the shipment was decided: by the law version of the batch.
CREATE TABLE shipment_assessment (
    event_id bigint PRIMARY KEY,
    document_id bigint NOT NULL UNIQUE,
    regime text COLLATE "C",               -- null where none admits the goods
    verdict text COLLATE "C" NOT NULL,     -- payable | exempt | not_admissible | unknown
    currency text COLLATE "C" NOT NULL,
    customs_value_minor bigint,
    total_minor bigint,                    -- null while any charge is unknown
    ruling text NOT NULL                   -- the whole answer with its steps, as JSON
);

CREATE TABLE shipment_charge (
    event_id bigint NOT NULL,
    code text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    base_minor bigint,
    rate text,                             -- as a reader knows it: 13%, or 60% or 4,800 JPY/pair
    amount_minor bigint,                   -- null is unknown, never zero
    missing text,
    PRIMARY KEY (event_id, code)
);

CREATE INDEX ON goods_shipment (own_reference);

-- Senders see what they lodged, and what became of it.
ALTER TABLE goods_shipment ENABLE ROW LEVEL SECURITY;
ALTER TABLE goods_shipment_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE shipment_assessment ENABLE ROW LEVEL SECURITY;
ALTER TABLE shipment_charge ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON goods_shipment FOR SELECT TO tumen_app
    USING (sender = current_setting('tumen.sender', true));
CREATE POLICY own ON goods_shipment_item FOR SELECT TO tumen_app
    USING (document_id IN (SELECT document_id FROM goods_shipment));
CREATE POLICY own ON shipment_assessment FOR SELECT TO tumen_app
    USING (document_id IN (SELECT document_id FROM goods_shipment));
CREATE POLICY own ON shipment_charge FOR SELECT TO tumen_app
    USING (event_id IN (SELECT event_id FROM shipment_assessment));
CREATE POLICY own_shipment ON declaration_event FOR SELECT TO tumen_app
    USING (document_id IN (SELECT document_id FROM goods_shipment));
CREATE POLICY own_shipment ON document_violation FOR SELECT TO tumen_app
    USING (document_id IN (SELECT document_id FROM goods_shipment));
