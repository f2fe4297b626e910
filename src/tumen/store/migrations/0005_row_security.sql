-- The application reads what its sender lodged, and what became of it; the recorder alone sees all.
-- Whoever opens a session as tumen_app says for whom: SET LOCAL tumen.sender. Without it, and in a
-- table without a policy (persons, keys, lists), it sees nothing.

DO $$
DECLARE name text;
BEGIN
    FOR name IN
        SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    END LOOP;
    -- The sender is stamped on batches, documents and refusals.
    FOR name IN
        SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'sender'
    LOOP
        EXECUTE format(
            'CREATE POLICY own ON %I FOR SELECT TO tumen_app'
            ' USING (sender = current_setting(''tumen.sender'', true))', name);
    END LOOP;
    -- What hangs on a document is seen with it: the policy of the document's table holds within.
    FOR name IN
        SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'item_number'
    LOOP
        EXECUTE format(
            'CREATE POLICY own ON %I FOR SELECT TO tumen_app'
            ' USING (document_id IN (SELECT document_id FROM %I))',
            name, replace(name, '_item', ''));
    END LOOP;
    FOREACH name IN ARRAY
        ARRAY['declaration_event', 'declaration_number', 'assessment', 'allowance_entry']
    LOOP
        EXECUTE format(
            'CREATE POLICY own ON %I FOR SELECT TO tumen_app'
            ' USING (document_id IN (SELECT document_id FROM declaration))', name);
    END LOOP;
END $$;

CREATE POLICY own ON charge FOR SELECT TO tumen_app
    USING (event_id IN (SELECT event_id FROM declaration_event));

CREATE POLICY own ON document_violation FOR SELECT TO tumen_app USING (
    document_id IN (
        SELECT document_id FROM refusal
        UNION ALL SELECT document_id FROM trade_order
        UNION ALL SELECT document_id FROM payment
        UNION ALL SELECT document_id FROM waybill
        UNION ALL SELECT document_id FROM declaration
        UNION ALL SELECT document_id FROM revocation
        UNION ALL SELECT document_id FROM goods_return
    )
);

-- Whoever knows the seed of a batch can tell which order numbers are never drawn for examination.
REVOKE SELECT ON batch FROM tumen_app;
GRANT SELECT (batch_id, sender, recorded_at, law_version, documents) ON batch TO tumen_app;
