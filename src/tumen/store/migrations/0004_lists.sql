-- Watch lists of parties and reference prices, as imported. Insert-only: of the imports under one
-- kind and name the one of the newest day is in force, the last of them where a day has several.

CREATE SEQUENCE list_number;  -- list_id

CREATE TABLE list (
    list_id bigint PRIMARY KEY,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('parties', 'prices')),
    name text COLLATE "C" NOT NULL,
    source text NOT NULL,
    day date NOT NULL,                    -- of the list, as its publisher dates it
    rows integer NOT NULL,                -- of the file that were imported
    rows_refused integer NOT NULL,        -- of the file that could not be read
    sha256 bytea NOT NULL,                -- of the file
    imported_at timestamptz NOT NULL
);
CREATE INDEX ON list (kind, name, day, list_id);

CREATE TABLE list_party (
    list_id bigint NOT NULL REFERENCES list,
    entry_id text COLLATE "C" NOT NULL,   -- as in the list, else `line` and the line of the file
    name text NOT NULL
);
CREATE INDEX ON list_party (list_id);

CREATE TABLE reference_price (
    list_id bigint NOT NULL REFERENCES list,
    hs_code text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    low_fen bigint NOT NULL,
    high_fen bigint NOT NULL,
    PRIMARY KEY (list_id, hs_code, unit)
);
