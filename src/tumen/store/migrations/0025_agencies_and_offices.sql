-- An agency other than customs sees what is to be examined in its matters, and no other goods
-- (docs/access.md). 0010 showed it all that its economy decides.

-- Of an agency: what it is in charge of, joined by commas. Null for everybody else.
ALTER TABLE organisation_entry ADD COLUMN matters text COLLATE "C";

-- From here on this is the economy of a customs authority alone; every policy that asks for it is met
-- by customs only. SET LOCAL tumen.matters says for which matters an agency asks.
CREATE OR REPLACE FUNCTION authority_economy() RETURNS text LANGUAGE sql STABLE RETURN
    CASE WHEN current_setting('tumen.authority', true) = 'customs'
        THEN nullif(current_setting('tumen.economy', true), '') END;
CREATE FUNCTION agency_economy() RETURNS text LANGUAGE sql STABLE RETURN
    CASE WHEN current_setting('tumen.authority', true) = 'agency'
        THEN nullif(current_setting('tumen.economy', true), '') END;

-- An agency is told, of what it sees, all that customs is told.
CREATE OR REPLACE FUNCTION is_told_all() RETURNS boolean LANGUAGE sql STABLE RETURN
    current_user <> 'tumen_app' OR coalesce(authority_economy(), agency_economy()) IS NOT NULL;

CREATE INDEX ON examination_entry (authority, matter, declaration)
    WHERE entry = 'required' AND answer = 'accepted';

-- The documents of the declarations that are to be examined in a matter of the agency. It reads the
-- requirements as their owner: the policy of the requirements asks for the declarations in turn.
CREATE FUNCTION required_of_agency() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
BEGIN ATOMIC
    SELECT declaration FROM examination_entry
    WHERE authority = agency_economy() AND entry = 'required' AND answer = 'accepted'
      AND matter = ANY(string_to_array(current_setting('tumen.matters', true), ','));
END;

-- What was lodged beside those declarations: the order, the waybill, a revocation, a return. Of
-- payments an agency sees nothing (0010).
CREATE FUNCTION beside_required() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
BEGIN ATOMIC
    WITH required AS MATERIALIZED (
        SELECT d.key, document_key(d.carrier_code, d.waybill_number) AS waybill_key
        FROM declaration d WHERE d.document_id IN (SELECT required_of_agency())
    )
    SELECT t.document_id FROM required r JOIN trade_order t USING (key)
    UNION ALL SELECT t.document_id FROM required r JOIN waybill t ON t.key = r.waybill_key
    UNION ALL SELECT t.document_id FROM required r JOIN revocation t USING (key)
    UNION ALL SELECT t.document_id FROM required r
        JOIN goods_return t ON document_key(t.platform_code, t.order_number) = r.key;
END;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['declaration', 'goods_shipment']
    LOOP
        EXECUTE format(
            'CREATE POLICY agency ON %I FOR SELECT TO tumen_app USING ('
            ' (SELECT agency_economy()) IS NOT NULL'
            ' AND document_id IN (SELECT required_of_agency()))', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['trade_order', 'waybill', 'revocation', 'goods_return']
    LOOP
        EXECUTE format(
            'CREATE POLICY agency ON %I FOR SELECT TO tumen_app USING ('
            ' (SELECT agency_economy()) IS NOT NULL'
            ' AND document_id IN (SELECT beside_required()))', name);
    END LOOP;
END $$;

-- Where goods are everybody may know (0011); when, and by which law, came what it sees (0012).
CREATE POLICY agency ON journey_event FOR SELECT TO tumen_app
    USING ((SELECT agency_economy()) IS NOT NULL);
CREATE POLICY agency ON batch FOR SELECT TO tumen_app USING (
    CASE WHEN (SELECT agency_economy()) IS NULL THEN false ELSE
        EXISTS (SELECT FROM declaration d WHERE d.batch_id = batch.batch_id)
        OR EXISTS (SELECT FROM goods_shipment d WHERE d.batch_id = batch.batch_id)
    END
);

-- In the queue an agency is told the numbers of what it sees, as customs is (0024).
CREATE OR REPLACE FUNCTION waiting_documents(after bigint, most bigint)
RETURNS TABLE (document_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
BEGIN ATOMIC
    SELECT w.document_id FROM declaration_event w
    WHERE w.status IN ('held', 'examination') AND w.event_id > after
      AND CASE WHEN agency_economy() IS NOT NULL
               THEN w.document_id IN (SELECT required_of_agency())
               ELSE authority_economy() IS NOT NULL
                    OR coalesce(current_setting('tumen.sender', true), '') = '' END
      AND NOT EXISTS (SELECT FROM declaration_event later
                      WHERE later.document_id = w.document_id AND later.event_id > w.event_id)
    ORDER BY w.event_id LIMIT most;
END;

-- To which office of its economy a question was passed on: the last row of a ticket holds. Like all of
-- the help desk it is for the recorder alone (0019).
CREATE TABLE ticket_route (
    ticket_id text COLLATE "C" NOT NULL REFERENCES ticket,
    position smallint NOT NULL,
    office text COLLATE "C" NOT NULL,        -- the organisation that is to answer
    organisation text COLLATE "C" NOT NULL,  -- of who passed it on
    person text COLLATE "C" NOT NULL,        -- a login or a key, as the office knows it
    at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, position)
);
ALTER TABLE ticket_route ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON ticket_route FROM tumen_app;
