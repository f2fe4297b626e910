-- What a log says of its own beginning, salts that no restore repeats, and the erasure of a person.

-- A log's own row is under the leaf of an artefact, the first of a log that was begun since. What
-- follows is null of a log that is older than this file.
ALTER TABLE log_origin
    ADD COLUMN begun_at timestamptz,
    ADD COLUMN reason text,                -- why the log before it was not written on
    ADD COLUMN previous bytea,             -- the largest checkpoint that the log before it showed
    ADD COLUMN artefact_id bigint UNIQUE;  -- its leaf

-- Drawn anew for each append, so that a store restored with all its files salts nothing again as
-- before. Null where the salts are those of the log alone: before this file.
ALTER TABLE log_append ADD COLUMN seed bytea CHECK (octet_length(seed) = 16);

-- The keys of persons that were destroyed: what stands in their place under the leaf of the batch.
CREATE TABLE erased_key (
    artefact_id bigint NOT NULL,           -- the erasure, in log_artefact
    person uuid NOT NULL,
    batch_id bigint NOT NULL,
    line_hash bytea NOT NULL CHECK (octet_length(line_hash) = 32),  -- of the key's row
    PRIMARY KEY (artefact_id, person, batch_id)
);
CREATE INDEX ON erased_key (batch_id);
ALTER TABLE erased_key ENABLE ROW LEVEL SECURITY;

-- The one way in which a row of a fact is ever deleted. Nobody is given DELETE: the recorder may
-- call this, and it takes only keys that the erasure names.
CREATE FUNCTION destroy_keys(erasure bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public
BEGIN ATOMIC
    WITH gone AS (
        DELETE FROM person_key k USING erased_key e
        WHERE e.artefact_id = erasure AND k.person = e.person AND k.batch_id = e.batch_id
        RETURNING 1
    )
    SELECT count(*) FROM gone;
END;
REVOKE EXECUTE ON FUNCTION destroy_keys(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION destroy_keys(bigint) TO tumen_recorder;
