-- On which days a key was shown, so that its owner finds the keys that nobody uses. A day is enough:
-- a row for each request would tell more than is asked and cost a write each.

CREATE TABLE key_use (
    key_id text COLLATE "C" NOT NULL REFERENCES api_key,
    day date NOT NULL,                          -- in UTC
    PRIMARY KEY (key_id, day)
);

-- As all that says who may ask, it is not for the application's role.
ALTER TABLE key_use ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON key_use FROM tumen_app;
