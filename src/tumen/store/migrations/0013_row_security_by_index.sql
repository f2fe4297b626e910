-- What hangs on a document is seen with it, as before (0005, 0006, 0011); asked row by row, so that
-- an index answers. `IN (SELECT …)` gathered the numbers of all documents for every query.

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['declaration_event', 'declaration_number', 'assessment',
                                'allowance_entry']
    LOOP
        EXECUTE format('DROP POLICY own ON %I', name);
        EXECUTE format(
            'CREATE POLICY own ON %I FOR SELECT TO tumen_app USING (EXISTS ('
            ' SELECT FROM declaration d WHERE d.document_id = %I.document_id))', name, name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['goods_shipment_item', 'shipment_assessment']
    LOOP
        EXECUTE format('DROP POLICY own ON %I', name);
        EXECUTE format(
            'CREATE POLICY own ON %I FOR SELECT TO tumen_app USING (EXISTS ('
            ' SELECT FROM goods_shipment s WHERE s.document_id = %I.document_id))', name, name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['trade_order', 'declaration', 'goods_return']
    LOOP
        EXECUTE format('DROP POLICY own ON %I', name || '_item');
        EXECUTE format(
            'CREATE POLICY own ON %I FOR SELECT TO tumen_app USING (EXISTS ('
            ' SELECT FROM %I d WHERE d.document_id = %I.document_id))',
            name || '_item', name, name || '_item');
    END LOOP;
END $$;

DROP POLICY own_shipment ON declaration_event;
CREATE POLICY own_shipment ON declaration_event FOR SELECT TO tumen_app USING (EXISTS (
    SELECT FROM goods_shipment s WHERE s.document_id = declaration_event.document_id));
DROP POLICY own ON charge;
CREATE POLICY own ON charge FOR SELECT TO tumen_app USING (EXISTS (
    SELECT FROM declaration_event e WHERE e.event_id = charge.event_id));
DROP POLICY own ON shipment_charge;
CREATE POLICY own ON shipment_charge FOR SELECT TO tumen_app USING (EXISTS (
    SELECT FROM shipment_assessment a WHERE a.event_id = shipment_charge.event_id));

DROP POLICY own ON decision;
CREATE POLICY own ON decision FOR SELECT TO tumen_app USING (
    EXISTS (SELECT FROM declaration d WHERE d.document_id = decision.document_id)
    OR EXISTS (SELECT FROM goods_shipment s WHERE s.document_id = decision.document_id));
DROP POLICY own ON examination_entry;
CREATE POLICY own ON examination_entry FOR SELECT TO tumen_app USING (
    sender = current_setting('tumen.sender', true)
    OR EXISTS (SELECT FROM declaration d WHERE d.document_id = examination_entry.declaration)
    OR EXISTS (SELECT FROM goods_shipment s WHERE s.document_id = examination_entry.declaration));

DROP POLICY own ON document_violation;
CREATE POLICY own ON document_violation FOR SELECT TO tumen_app USING (
    EXISTS (SELECT FROM refusal r WHERE r.document_id = document_violation.document_id)
    OR EXISTS (SELECT FROM trade_order o WHERE o.document_id = document_violation.document_id)
    OR EXISTS (SELECT FROM payment p WHERE p.document_id = document_violation.document_id)
    OR EXISTS (SELECT FROM waybill w WHERE w.document_id = document_violation.document_id)
    OR EXISTS (SELECT FROM declaration d WHERE d.document_id = document_violation.document_id)
    OR EXISTS (SELECT FROM revocation v WHERE v.document_id = document_violation.document_id)
    OR EXISTS (SELECT FROM goods_return g WHERE g.document_id = document_violation.document_id));
DROP POLICY own_shipment ON document_violation;
CREATE POLICY own_shipment ON document_violation FOR SELECT TO tumen_app USING (EXISTS (
    SELECT FROM goods_shipment s WHERE s.document_id = document_violation.document_id));
