-- Bills: what is due of released goods, what was stated of it, and the guarantees under which goods
-- go before it is paid (docs/bills.md). Facts are insert-only; each is a document with its receipt.

-- What is owed of a declaration less what was billed of it before: the bills of a declaration sum up
-- to its charges.
CREATE TABLE bill (
    document_id bigint PRIMARY KEY,
    batch_id bigint NOT NULL,
    sender text COLLATE "C" NOT NULL,        -- the office that made it
    key text COLLATE "C" NOT NULL,           -- sender|own_reference
    digest uuid NOT NULL,
    content_hash bytea NOT NULL,
    answer text COLLATE "C" NOT NULL,
    status integer NOT NULL,
    receipt text NOT NULL,
    own_reference text COLLATE "C" NOT NULL, -- the number of the bill
    declaration bigint NOT NULL,             -- the document that is charged
    economy text COLLATE "C" NOT NULL,
    regime text COLLATE "C" NOT NULL,
    filer text COLLATE "C" NOT NULL,         -- who lodged the declaration
    payer text COLLATE "C" NOT NULL,         -- its guarantor, or the filer where it names none
    is_guaranteed boolean NOT NULL,          -- whether the declaration names a guarantor
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('assessed', 'supplementary', 'refund')),
    released_on date NOT NULL,
    made_on date NOT NULL,                   -- by the clock of the authority
    due_from date,                           -- null: at once
    due_by date,                             -- null: the law that was held names no day
    citation text,
    is_verified boolean NOT NULL,            -- whether the days of payment were confirmed
    currency text COLLATE "C" NOT NULL,
    charged_minor bigint NOT NULL,           -- before what returns and corrections took off
    total_minor bigint NOT NULL,
    UNIQUE (key),
    UNIQUE (own_reference)
);
CREATE INDEX ON bill (declaration);
CREATE INDEX ON bill (payer, document_id);
CREATE INDEX ON bill (economy, made_on);

CREATE TABLE bill_item (
    document_id bigint NOT NULL,
    position smallint NOT NULL,
    goods_item smallint,                     -- of a list; null where a shipment is charged as a whole
    code text COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL,
    PRIMARY KEY (document_id, position)
);

-- What the authority states: that bills of a payer were summed up in one notice, paid, or voided.
CREATE TABLE bill_statement (
    document_id bigint PRIMARY KEY,
    batch_id bigint NOT NULL,
    sender text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,           -- sender|own_reference
    digest uuid NOT NULL,
    content_hash bytea NOT NULL,
    answer text COLLATE "C" NOT NULL,
    status integer NOT NULL,
    receipt text NOT NULL,
    own_reference text COLLATE "C" NOT NULL, -- the number of the notice, the payment or the act
    authority text COLLATE "C" NOT NULL,
    entry text COLLATE "C" NOT NULL CHECK (entry IN ('summarised', 'paid', 'voided')),
    payer text COLLATE "C" NOT NULL,
    is_guaranteed boolean NOT NULL,          -- of which of the payer's bills
    currency text COLLATE "C" NOT NULL,
    first_bill bigint NOT NULL,              -- the bills of this payer from this document …
    last_bill bigint NOT NULL,               -- … to this one that were in a state before it
    bills integer NOT NULL,
    amount_minor bigint NOT NULL,
    happened_on date NOT NULL,
    reference text,                          -- of the notice that is paid, of a voucher
    reason text,                             -- why a bill is void; nothing personal
    UNIQUE (key)
);
CREATE INDEX ON bill_statement (payer, last_bill);

-- What a guarantor lodged with the authority, and took back. What is reserved of it is not written
-- down: it is what its declarations were charged less what was paid.
CREATE TABLE guarantee_entry (
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
    authority text COLLATE "C" NOT NULL,
    guarantor text COLLATE "C" NOT NULL,
    entry text COLLATE "C" NOT NULL CHECK (entry IN ('deposited', 'withdrawn')),
    currency text COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    happened_on date NOT NULL,
    reference text,                          -- of the deed, the bank's letter
    UNIQUE (key)
);
CREATE INDEX ON guarantee_entry (guarantor);

-- How far the runs of an authority have looked: a step a row, each going on from the one before it.
CREATE TABLE bill_run (
    economy text COLLATE "C" NOT NULL,
    step bigint NOT NULL,
    begun_on date NOT NULL,                  -- the day of the first step of this run
    until_event bigint NOT NULL,
    is_last boolean NOT NULL,
    PRIMARY KEY (economy, step)
);
ALTER TABLE bill_run ENABLE ROW LEVEL SECURITY;

-- A run of bills begins at the first event that may not have been looked at yet.
CREATE INDEX ON declaration_event USING brin (recorded_at) WITH (pages_per_range = 16);

-- How much the charges up to an event use of each guarantee: sums of what stands in the facts, kept so
-- that nobody adds up years again. Of each guarantor the last row holds; none has charges between it
-- and the last event of all, which stands under an empty name.
CREATE TABLE guarantee_use (
    guarantor text COLLATE "C" NOT NULL,
    until_event bigint NOT NULL,
    charged_minor bigint NOT NULL,
    PRIMARY KEY (guarantor, until_event)
);
ALTER TABLE guarantee_use ENABLE ROW LEVEL SECURITY;

-- A filer sees the bills of what it lodged, a payer those it pays, customs those of its economy.
ALTER TABLE bill ENABLE ROW LEVEL SECURITY;
ALTER TABLE bill_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE bill_statement ENABLE ROW LEVEL SECURITY;
ALTER TABLE guarantee_entry ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON bill FOR SELECT TO tumen_app USING (
    filer = current_setting('tumen.sender', true) OR payer = current_setting('tumen.sender', true));
CREATE POLICY own ON bill_item FOR SELECT TO tumen_app USING (EXISTS (
    SELECT FROM bill b WHERE b.document_id = bill_item.document_id));
-- The sums of a statement are of bills of other filers too; those of one's own can be added up.
REVOKE SELECT ON bill_statement FROM tumen_app;
GRANT SELECT (document_id, own_reference, authority, entry, payer, is_guaranteed, currency, first_bill,
              last_bill, happened_on, reason) ON bill_statement TO tumen_app;
CREATE POLICY own ON bill_statement FOR SELECT TO tumen_app USING (EXISTS (
    SELECT FROM bill b WHERE b.payer = bill_statement.payer
    AND b.document_id BETWEEN bill_statement.first_bill AND bill_statement.last_bill));
CREATE POLICY own ON guarantee_entry FOR SELECT TO tumen_app
    USING (guarantor = current_setting('tumen.sender', true));

CREATE POLICY authority ON bill FOR SELECT TO tumen_app
    USING (economy = (SELECT authority_economy()));
CREATE POLICY authority ON bill_statement FOR SELECT TO tumen_app
    USING (authority = (SELECT authority_economy()));
CREATE POLICY authority ON guarantee_entry FOR SELECT TO tumen_app
    USING (authority = (SELECT authority_economy()));

-- Other agencies see goods and where they stand, not what is due (0010).
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['bill', 'bill_item', 'bill_statement', 'guarantee_entry']
    LOOP
        EXECUTE format(
            'CREATE POLICY not_for_agencies ON %I AS RESTRICTIVE FOR SELECT TO tumen_app'
            ' USING (coalesce(current_setting(''tumen.authority'', true), '''') <> ''agency'')',
            name);
    END LOOP;
END $$;
