-- What happens to a declaration after it was decided: corrections, returns and revocations that are asked
-- for, and what an officer answers. Facts are insert-only: a charge that was made stays as it is, and the
-- difference stands under the event of the correction, in `charge` or `shipment_charge`.

CREATE TABLE aftercare_entry (
    event_id bigint PRIMARY KEY,             -- the event that it made
    document_id bigint NOT NULL,             -- the declaration or shipment
    act text COLLATE "C" NOT NULL,           -- correction | correction_asked | return | goods_back | …
    organisation text COLLATE "C" NOT NULL,  -- who asked or answered: the filer, or an office
    authority text COLLATE "C",              -- the economy that acted; null where the filer did
    officer text COLLATE "C",                -- the office's own mark of the officer, no name
    own_reference text COLLATE "C",          -- of the request, by who asks; null where none is needed
    key text COLLATE "C" UNIQUE,             -- organisation|own_reference
    content_hash bytea,                      -- of all that the request says
    reason text NOT NULL,                    -- told to the filer; nothing personal
    basis text,                              -- the act of law that an officer names
    answers bigint,                          -- the event of the application, or of the return, that it answers
    stated text,                             -- what is to be changed or came back, as JSON; nothing personal
    ruling text,                             -- what the law says of a corrected shipment, as JSON
    doubts text                              -- parameters of the law that it rests on and nobody verified
);
CREATE INDEX ON aftercare_entry (document_id, event_id);
CREATE INDEX ON aftercare_entry (answers);
CREATE INDEX ON aftercare_entry (event_id) WHERE act IN ('correction_asked', 'return_asked');

ALTER TABLE aftercare_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON aftercare_entry FOR SELECT TO tumen_app USING (
    EXISTS (SELECT FROM declaration d WHERE d.document_id = aftercare_entry.document_id)
    OR EXISTS (SELECT FROM goods_shipment s WHERE s.document_id = aftercare_entry.document_id));
-- Other agencies see goods and where they stand, not what was paid for them or is due (0010).
CREATE POLICY not_for_agencies ON aftercare_entry AS RESTRICTIVE FOR SELECT TO tumen_app
    USING (coalesce(current_setting('tumen.authority', true), '') <> 'agency');

-- A filer is told what was decided and why, not by whom in the office (0011).
REVOKE SELECT ON aftercare_entry FROM tumen_app;
GRANT SELECT (event_id, document_id, act, authority, own_reference, content_hash, reason, basis, answers,
              stated, ruling, doubts) ON aftercare_entry TO tumen_app;

-- A charge on a shipment stands under any event of its life, not only under the one that assessed it.
DROP POLICY own ON shipment_charge;
CREATE POLICY own ON shipment_charge FOR SELECT TO tumen_app USING (EXISTS (
    SELECT FROM declaration_event e WHERE e.event_id = shipment_charge.event_id));
