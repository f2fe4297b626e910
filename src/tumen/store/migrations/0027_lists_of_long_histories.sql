-- Lists of a long history, however little of it their reader sees or asks for.

-- Most declarations are released at once. A list of those of another status, or of a lane that customs
-- looks at, is found by their few events; an event of a green lane enters neither index.
CREATE INDEX ON declaration_event (status, document_id) WHERE status NOT IN ('released', 'pending');
CREATE INDEX ON declaration_event (lane, document_id) WHERE lane IN ('yellow', 'red');

-- Whether a reader may be shown messages of every sender: their economy is CN. It names no column, so
-- that the server answers it once, and not of each row of a table of which nothing is shown.
CREATE FUNCTION sees_all_messages() RETURNS boolean LANGUAGE sql STABLE RETURN
    agency_economy() IS NULL AND coalesce(authority_economy(), 'CN') = 'CN';

-- As 0025 has it, with the events that are the cursor of the queue, and of what is before the reader's
-- own authority alone: behind what waits for another economy a page found nothing. A range of one is asked
-- by index (0021).
DROP FUNCTION waiting_documents(bigint, bigint);
CREATE FUNCTION waiting_documents(after bigint, most bigint)
RETURNS TABLE (document_id bigint, event_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
BEGIN ATOMIC
    SELECT w.document_id, w.event_id FROM declaration_event w
    WHERE w.status IN ('held', 'examination') AND w.event_id > after
      AND CASE WHEN agency_economy() IS NOT NULL
               THEN w.document_id IN (SELECT required_of_agency())
               WHEN authority_economy() IS NOT NULL
               THEN EXISTS (SELECT FROM goods_shipment s
                            WHERE s.document_id >= w.document_id AND s.document_id <= w.document_id
                            AND authority_economy() IN (s.destination, s.dispatch))
                    OR authority_economy() = 'CN'
                       AND EXISTS (SELECT FROM declaration d
                                   WHERE d.document_id >= w.document_id AND d.document_id <= w.document_id)
               ELSE coalesce(current_setting('tumen.sender', true), '') = '' END
      AND NOT EXISTS (SELECT FROM declaration_event later
                      WHERE later.document_id = w.document_id AND later.event_id > w.event_id)
    ORDER BY w.event_id LIMIT most;
END;
REVOKE EXECUTE ON FUNCTION waiting_documents(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION waiting_documents(bigint, bigint) TO tumen_app, tumen_recorder;

-- From which document on there is anything that was recorded at a moment or later: the number at which a
-- list since a day begins. 0 where the log does not tell it, and beyond all where nothing is that new.
CREATE FUNCTION first_document_since(at timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
BEGIN ATOMIC
    WITH since AS (SELECT min(batch_id) AS batch_id FROM batch WHERE recorded_at >= at)
    SELECT CASE WHEN since.batch_id IS NULL THEN 9223372036854775807 ELSE coalesce((
        SELECT min(a.first_document) FROM log_origin o CROSS JOIN LATERAL (
            SELECT first_document FROM log_append
            WHERE origin_id = o.origin_id AND kind = 'batch' AND subject >= since.batch_id
              AND first_document > 0 ORDER BY subject LIMIT 1) a), 0) END
    FROM since;
END;
REVOKE EXECUTE ON FUNCTION first_document_since(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION first_document_since(timestamptz) TO tumen_app, tumen_recorder;

-- Bills of what an organisation lodged, as those that it pays: by index. They are made by runs, not on
-- the road.
CREATE INDEX ON bill (filer, document_id);

-- What no row decides is asked once, and not of each row: half of the time of a sum of bills.
DO $$
DECLARE name regclass;
BEGIN
    FOR name IN SELECT polrelid FROM pg_policy WHERE polname = 'not_for_agencies'
    LOOP
        EXECUTE format(
            'ALTER POLICY not_for_agencies ON %s USING'
            ' ((SELECT coalesce(current_setting(''tumen.authority'', true), '''')) <> ''agency'')', name);
    END LOOP;
END $$;
