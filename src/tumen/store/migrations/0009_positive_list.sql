-- The positive list of cross-border e-commerce retail imports, as imported: of the editions the one
-- of the newest day that is not after a declaration's legal day is asked.

ALTER TABLE list DROP CONSTRAINT list_kind_check;
ALTER TABLE list ADD CONSTRAINT list_kind_check CHECK (kind IN ('parties', 'prices', 'codes'));

CREATE TABLE listed_code (
    list_id bigint NOT NULL REFERENCES list,
    hs_code text COLLATE "C" NOT NULL,    -- 8 or 10 digits
    remark text NOT NULL,                 -- as in the list; kept, not judged
    PRIMARY KEY (list_id, hs_code)
);
