-- The roles, and who may do what. Runs as whoever made the database; all later files run as
-- tumen_owner. Facts are insert-only: nobody is given UPDATE or DELETE.

-- Roles belong to the whole server, and another database of it may be making them right now.
DO $$
BEGIN
    IF to_regrole('tumen_owner') IS NULL THEN
        CREATE ROLE tumen_owner NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
    IF to_regrole('tumen_app') IS NULL THEN
        CREATE ROLE tumen_app NOLOGIN;  -- reads its sender's rows (0005)
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
    IF to_regrole('tumen_recorder') IS NULL THEN
        CREATE ROLE tumen_recorder NOLOGIN BYPASSRLS;  -- COPY is refused under row-level security
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT tumen_owner, tumen_app, tumen_recorder TO %I', current_user);
    END IF;
END $$;

ALTER SCHEMA public OWNER TO tumen_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tumen_app, tumen_recorder;

ALTER DEFAULT PRIVILEGES FOR ROLE tumen_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO tumen_app;
ALTER DEFAULT PRIVILEGES FOR ROLE tumen_owner IN SCHEMA public
    GRANT SELECT, INSERT ON TABLES TO tumen_recorder;
-- UPDATE on a sequence lets the recorder take a block of numbers at once, under the lock.
ALTER DEFAULT PRIVILEGES FOR ROLE tumen_owner IN SCHEMA public
    GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO tumen_recorder;

CREATE TABLE migration (
    number integer PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    checksum bytea NOT NULL,               -- SHA-256 of the file
    applied_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE migration OWNER TO tumen_owner;
REVOKE ALL ON migration FROM tumen_recorder;
GRANT SELECT ON migration TO tumen_app, tumen_recorder;
