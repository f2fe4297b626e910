-- What a filer is told of an event. That a name resembles one of a watch list is for the authorities
-- alone: receipts leave it out, and so does what is read for a sender.

CREATE FUNCTION is_told_all() RETURNS boolean LANGUAGE sql STABLE RETURN
    current_user <> 'tumen_app' OR authority_economy() IS NOT NULL;

CREATE FUNCTION told_codes(codes text) RETURNS text LANGUAGE sql STABLE RETURN
    CASE WHEN is_told_all() THEN codes
        ELSE array_to_string(array_remove(string_to_array(codes, ','), 'SCREEN_LISTED_PARTY'), ',')
    END;

CREATE FUNCTION told_hits(party_hits text) RETURNS text LANGUAGE sql STABLE RETURN
    CASE WHEN is_told_all() THEN party_hits END;

-- Nobody reads this list by the application's role: what is in force is loaded by the recorder.
ALTER TABLE listed_code ENABLE ROW LEVEL SECURITY;

-- An authority sees when, and by which law, a document came that it sees: the batch that brought one.
-- Batches are written one after the other, so that a summary of pages finds their rows.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'trade_order', 'payment', 'waybill', 'declaration', 'revocation', 'goods_return',
        'goods_shipment'
    ]
    LOOP
        EXECUTE format(
            'CREATE INDEX ON %I USING brin (batch_id)'
            ' WITH (pages_per_range = 16, autosummarize = on)', name);
    END LOOP;
END $$;
CREATE POLICY authority ON batch FOR SELECT TO tumen_app USING (
    CASE WHEN (SELECT authority_economy()) IS NULL THEN false ELSE
        EXISTS (SELECT FROM declaration d WHERE d.batch_id = batch.batch_id)
        OR EXISTS (SELECT FROM goods_shipment d WHERE d.batch_id = batch.batch_id)
        OR EXISTS (SELECT FROM trade_order d WHERE d.batch_id = batch.batch_id)
        OR EXISTS (SELECT FROM payment d WHERE d.batch_id = batch.batch_id)
        OR EXISTS (SELECT FROM waybill d WHERE d.batch_id = batch.batch_id)
        OR EXISTS (SELECT FROM revocation d WHERE d.batch_id = batch.batch_id)
        OR EXISTS (SELECT FROM goods_return d WHERE d.batch_id = batch.batch_id)
    END
);
