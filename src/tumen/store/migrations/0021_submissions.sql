-- A batch that several senders lodged together (sender '*') is nobody's own: when it was recorded, and
-- by which law, each of them may know, and whoever else lodges. Whose a document is stands on its row.
CREATE POLICY shared ON batch FOR SELECT TO tumen_app USING (
    sender = '*' AND current_setting('tumen.sender', true) <> ''
);
-- How many documents it has would tell what others lodged.
REVOKE SELECT (documents) ON batch FROM tumen_app;

-- A submission whose sender did not wait for the answer (docs/api.md). What it lodged has its own rows,
-- receipts and leaves; here is only where to find them. One without an end is under way, or was lost
-- with the process that held it: sent again, what was recorded of it is a duplicate.
CREATE TABLE submission (
    submission_id text COLLATE "C" PRIMARY KEY,
    sender text COLLATE "C" NOT NULL,
    documents integer NOT NULL,                 -- how many rows it has at most
    received_at timestamptz NOT NULL
);
CREATE TABLE submission_end (
    submission_id text COLLATE "C" PRIMARY KEY REFERENCES submission,
    sender text COLLATE "C" NOT NULL,
    fault text COLLATE "C",                     -- why it was not answered; null where it was
    answers text,                               -- JSON: place, document, answer, status of each row
    ended_at timestamptz NOT NULL
);
ALTER TABLE submission ENABLE ROW LEVEL SECURITY;
ALTER TABLE submission_end ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON submission FOR SELECT TO tumen_app
    USING (sender = current_setting('tumen.sender', true));
CREATE POLICY own ON submission_end FOR SELECT TO tumen_app
    USING (sender = current_setting('tumen.sender', true));

-- A sender's own documents are found without a look at those of others, however long the history.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'trade_order', 'payment', 'waybill', 'declaration', 'revocation', 'goods_return',
        'goods_shipment', 'refusal'
    ]
    LOOP
        EXECUTE format('CREATE INDEX ON %I (sender, document_id)', name);
    END LOOP;
END $$;

-- Declarations that wait for a counterpart, likewise.
CREATE INDEX ON declaration_event (document_id) WHERE status = 'pending';

-- What hangs on a document is seen with it, and asked of that document alone. Written with an equality
-- the planner may read the whole table of documents into a hash first, however few rows are wanted:
-- with a million declarations a page of events took half a minute. A range of one is asked by index.
DO $$
DECLARE name text; document text; kind text; parts text;
BEGIN
    FOREACH name IN ARRAY ARRAY['declaration_event', 'declaration_number', 'assessment', 'allowance_entry']
    LOOP
        EXECUTE format('DROP POLICY own ON %I', name);
        EXECUTE format(
            'CREATE POLICY own ON %I FOR SELECT TO tumen_app USING (EXISTS (SELECT FROM declaration d'
            ' WHERE d.document_id >= %I.document_id AND d.document_id <= %I.document_id))',
            name, name, name);
    END LOOP;
    DROP POLICY own_shipment ON declaration_event;
    CREATE POLICY own_shipment ON declaration_event FOR SELECT TO tumen_app USING (EXISTS (
        SELECT FROM goods_shipment s WHERE s.document_id >= declaration_event.document_id
        AND s.document_id <= declaration_event.document_id));
    FOREACH name IN ARRAY ARRAY['decision', 'document_violation', 'examination_entry']
    LOOP
        document := CASE name WHEN 'examination_entry' THEN 'declaration' ELSE 'document_id' END;
        parts := CASE name WHEN 'examination_entry'
            THEN 'sender = current_setting(''tumen.sender'', true) OR ' ELSE '' END;
        FOREACH kind IN ARRAY CASE name WHEN 'document_violation'
            THEN ARRAY['refusal', 'trade_order', 'payment', 'waybill', 'declaration', 'revocation',
                       'goods_return', 'goods_shipment']
            ELSE ARRAY['declaration', 'goods_shipment'] END
        LOOP
            parts := parts || format(
                'EXISTS (SELECT FROM %I k WHERE k.document_id >= %I.%I AND k.document_id <= %I.%I) OR ',
                kind, name, document, name, document);
        END LOOP;
        EXECUTE format('DROP POLICY own ON %I', name);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO tumen_app USING (%s)',
                       name, left(parts, -4));
    END LOOP;
    DROP POLICY own_shipment ON document_violation;
END $$;
