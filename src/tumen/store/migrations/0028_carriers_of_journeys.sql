-- Whom the owner of a number lets report of its journey (docs/officers-desk.md): a document of its own.
-- Insert-only: of a number and a firm the last entry holds.

CREATE TABLE journey_carrier (
    document_id bigint PRIMARY KEY,
    batch_id bigint NOT NULL,
    sender text COLLATE "C" NOT NULL,        -- whose the number is
    key text COLLATE "C" NOT NULL,           -- sender|own_reference
    digest uuid NOT NULL,
    content_hash bytea NOT NULL,
    answer text COLLATE "C" NOT NULL,
    status integer NOT NULL,
    receipt text NOT NULL,
    own_reference text COLLATE "C" NOT NULL,
    waybill_number text COLLATE "C" NOT NULL,
    carrier text COLLATE "C" NOT NULL,       -- the mark of a firm; whether there is one is not asked
    entry text COLLATE "C" NOT NULL,         -- named | withdrawn; whatever is not named lets nobody report
    UNIQUE (key)
);
CREATE INDEX ON journey_carrier (waybill_number, carrier, document_id);

-- Who carries for whom is between the two: a firm that was named is told by its partner, not by us.
ALTER TABLE journey_carrier ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON journey_carrier FOR SELECT TO tumen_app
    USING (sender = current_setting('tumen.sender', true));
