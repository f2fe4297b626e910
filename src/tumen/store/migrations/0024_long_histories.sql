-- What declarations stood at as of an event: sums of what stands in the facts, kept so that nobody
-- counts a whole history again (window/ledger/activity.py). The row of the highest event holds; later
-- events are counted from there.
CREATE TABLE activity_count (
    until_event bigint PRIMARY KEY,
    statuses text NOT NULL                      -- JSON: status -> how many declarations stood there
);
ALTER TABLE activity_count ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON activity_count FROM tumen_app;

-- The history that is there already is counted once, here; where there is none, no row is made.
INSERT INTO activity_count
SELECT max(s.until_event), json_object_agg(s.status, s.declarations)::text
FROM (SELECT e.status, max(e.event_id) AS until_event, count(*) AS declarations
      FROM declaration_event e
      JOIN (SELECT max(event_id) AS event_id FROM declaration_event GROUP BY document_id) l
      USING (event_id) GROUP BY e.status) s
HAVING count(*) > 0;

-- The days of the first page are found without a look at all batches.
CREATE INDEX ON batch USING brin (recorded_at) WITH (pages_per_range = 16);

-- A consignment is found by any of its numbers, and all documents of its order by that. Numbers of
-- others' making come in no order: a hash takes a third less of a batch's time than a tree does.
DO $$
DECLARE name text; field text;
BEGIN
    FOR name, field IN VALUES
        ('trade_order', 'order_number'), ('trade_order', 'payment_number'),
        ('payment', 'order_number'), ('payment', 'payment_number'),
        ('waybill', 'order_number'),
        ('declaration', 'order_number'), ('declaration', 'own_reference'),
        ('revocation', 'order_number'), ('revocation', 'waybill_number'),
        ('revocation', 'own_reference'),
        ('goods_return', 'order_number'), ('goods_return', 'waybill_number'),
        ('goods_return', 'own_reference')
    LOOP
        EXECUTE format('CREATE INDEX ON %I USING hash (%I)', name, field);
    END LOOP;
END $$;
CREATE INDEX ON declaration_number (preliminary_number);  -- ours, and in order

-- Documents that were refused are few, and are listed without a look at the others.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'trade_order', 'payment', 'waybill', 'declaration', 'revocation', 'goods_return',
        'goods_shipment'
    ]
    LOOP
        EXECUTE format(
            'CREATE INDEX ON %I (answer, document_id, sender) WHERE answer <> ''accepted''', name);
    END LOOP;
END $$;

-- The numbers of what waits for an officer, the longest waiting first. Most that ever waited was
-- decided since; to see that of each under row-level security took four times as long. Nothing but
-- numbers is told, and to a filer nothing at all: what they stand for is read as its reader may.
CREATE FUNCTION waiting_documents(after bigint, most bigint)
RETURNS TABLE (document_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
BEGIN ATOMIC
    SELECT w.document_id FROM declaration_event w
    WHERE w.status IN ('held', 'examination') AND w.event_id > after
      AND (authority_economy() IS NOT NULL OR coalesce(current_setting('tumen.sender', true), '') = '')
      AND NOT EXISTS (SELECT FROM declaration_event later
                      WHERE later.document_id = w.document_id AND later.event_id > w.event_id)
    ORDER BY w.event_id LIMIT most;
END;
REVOKE EXECUTE ON FUNCTION waiting_documents(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION waiting_documents(bigint, bigint) TO tumen_app, tumen_recorder;
