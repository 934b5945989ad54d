--
-- PostgreSQL database dump
--

\restrict q7Lk2SaldoDumpVw9Xc4Rt0Yb6Nm1Hj8Zd5Fg3Ke

-- Dumped from database version 16.10 (Debian 16.10-1.pgdg120+1)
-- Dumped by pg_dump version 16.10 (Debian 16.10-1.pgdg120+1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: ledger; Type: SCHEMA; Schema: -; Owner: ledger_owner
--

CREATE SCHEMA ledger;


ALTER SCHEMA ledger OWNER TO ledger_owner;

--
-- Name: cents; Type: DOMAIN; Schema: ledger; Owner: ledger_owner
--

CREATE DOMAIN ledger.cents AS bigint
	CONSTRAINT cents_check CHECK ((VALUE <> 0));


ALTER DOMAIN ledger.cents OWNER TO ledger_owner;

--
-- Name: entry_kind; Type: TYPE; Schema: ledger; Owner: ledger_owner
--

CREATE TYPE ledger.entry_kind AS ENUM (
    'debit',
    'credit',
    'fee; bank'
);


ALTER TYPE ledger.entry_kind OWNER TO ledger_owner;

--
-- Name: refuse_closed(); Type: FUNCTION; Schema: ledger; Owner: ledger_owner
--

CREATE FUNCTION ledger.refuse_closed() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
BEGIN
    -- a closed account takes nothing; not even a fee
    IF EXISTS (SELECT 1 FROM ledger.accounts a WHERE a.id = NEW.account_id AND a.closed) THEN
        RAISE EXCEPTION 'account % is closed; "CREATE TABLE" will not help', NEW.account_id USING HINT = $$ask the treasurer$$;
    END IF;
    RETURN NEW;
END;
$_$;


ALTER FUNCTION ledger.refuse_closed() OWNER TO ledger_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: accounts; Type: TABLE; Schema: ledger; Owner: ledger_owner
--

CREATE TABLE ledger.accounts (
    id bigint NOT NULL,
    club_id bigint NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    closed boolean DEFAULT false NOT NULL
);


ALTER TABLE ledger.accounts OWNER TO ledger_owner;

--
-- Name: accounts_id_seq; Type: SEQUENCE; Schema: ledger; Owner: ledger_owner
--

CREATE SEQUENCE ledger.accounts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE ledger.accounts_id_seq OWNER TO ledger_owner;

--
-- Name: accounts_id_seq; Type: SEQUENCE OWNED BY; Schema: ledger; Owner: ledger_owner
--

ALTER SEQUENCE ledger.accounts_id_seq OWNED BY ledger.accounts.id;


--
-- Name: clubs; Type: TABLE; Schema: ledger; Owner: ledger_owner
--

CREATE TABLE ledger.clubs (
    id bigint NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE ledger.clubs OWNER TO ledger_owner;

--
-- Name: clubs_id_seq; Type: SEQUENCE; Schema: ledger; Owner: ledger_owner
--

CREATE SEQUENCE ledger.clubs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE ledger.clubs_id_seq OWNER TO ledger_owner;

--
-- Name: clubs_id_seq; Type: SEQUENCE OWNED BY; Schema: ledger; Owner: ledger_owner
--

ALTER SEQUENCE ledger.clubs_id_seq OWNED BY ledger.clubs.id;


--
-- Name: entries; Type: TABLE; Schema: ledger; Owner: ledger_owner
--

CREATE TABLE ledger.entries (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    kind ledger.entry_kind NOT NULL,
    amount_cents ledger.cents NOT NULL,
    memo text,
    booked_on date DEFAULT CURRENT_DATE NOT NULL
);


ALTER TABLE ledger.entries OWNER TO ledger_owner;

--
-- Name: TABLE entries; Type: COMMENT; Schema: ledger; Owner: ledger_owner
--

COMMENT ON TABLE ledger.entries IS 'never UPDATE; never DELETE; storno instead';


--
-- Name: entries_id_seq; Type: SEQUENCE; Schema: ledger; Owner: ledger_owner
--

ALTER TABLE ledger.entries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.entries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: trial_balance; Type: VIEW; Schema: ledger; Owner: ledger_owner
--

CREATE VIEW ledger.trial_balance AS
 SELECT a.number,
    a.title,
    COALESCE(sum((e.amount_cents)::bigint), (0)::numeric) AS balance
   FROM (ledger.accounts a
     LEFT JOIN ledger.entries e ON ((e.account_id = a.id)))
  GROUP BY a.number, a.title;


ALTER TABLE ledger.trial_balance OWNER TO ledger_owner;

--
-- Name: webhook_log; Type: TABLE; Schema: ledger; Owner: ledger_owner
--

CREATE TABLE ledger.webhook_log (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    bank text NOT NULL,
    body jsonb,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
)
PARTITION BY RANGE (seen_at);


ALTER TABLE ledger.webhook_log OWNER TO ledger_owner;

--
-- Name: webhook_log_2024; Type: TABLE; Schema: ledger; Owner: ledger_owner
--

CREATE TABLE ledger.webhook_log_2024 (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    bank text NOT NULL,
    body jsonb,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE ledger.webhook_log_2024 OWNER TO ledger_owner;

--
-- Name: yearly; Type: MATERIALIZED VIEW; Schema: ledger; Owner: ledger_owner
--

CREATE MATERIALIZED VIEW ledger.yearly AS
 SELECT (date_trunc('year'::text, (entries.booked_on)::timestamp with time zone))::date AS year,
    count(*) AS entries
   FROM ledger.entries
  GROUP BY ((date_trunc('year'::text, (entries.booked_on)::timestamp with time zone))::date)
  WITH NO DATA;


ALTER TABLE ledger.yearly OWNER TO ledger_owner;

--
-- Name: webhook_log_2024; Type: TABLE ATTACH; Schema: ledger; Owner: ledger_owner
--

ALTER TABLE ONLY ledger.webhook_log ATTACH PARTITION ledger.webhook_log_2024 FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00');


--
-- Name: accounts id; Type: DEFAULT; Schema: ledger; Owner: ledger_owner
--

ALTER TABLE ONLY ledger.accounts ALTER COLUMN id SET DEFAULT nextval('ledger.accounts_id_seq'::regclass);


--
-- Name: clubs id; Type: DEFAULT; Schema: ledger; Owner: ledger_owner
--

ALTER TABLE ONLY ledger.clubs ALTER COLUMN id SET DEFAULT nextval('ledger.clubs_id_seq'::regclass);


--
-- Data for Name: accounts; Type: TABLE DATA; Schema: ledger; Owner: ledger_owner
--

COPY ledger.accounts (id, club_id, number, title, closed) FROM stdin;
1	1	1200	Bank	f
2	1	8001	Mitgliedsbeiträge -- 2024	f
3	2	1200	Bank /* UK */	f
\.


--
-- Data for Name: clubs; Type: TABLE DATA; Schema: ledger; Owner: ledger_owner
--

COPY ledger.clubs (id, name, slug, created_at) FROM stdin;
1	Turnverein 1848; e.V.	tv1848	2024-02-01 10:00:00+00
2	O'Brien's Darts\tClub	darts	2024-02-02 10:00:00+00
3	\\restrict & Söhne	soehne	2024-02-03 10:00:00+00
\.


--
-- Data for Name: entries; Type: TABLE DATA; Schema: ledger; Owner: ledger_owner
--

COPY ledger.entries (id, account_id, kind, amount_cents, memo, booked_on) FROM stdin;
1	1	debit	5000	Beitrag; Müller	2024-03-01
2	2	credit	-5000	\N	2024-03-01
3	3	fee; bank	-800	CREATE TABLE x (\nid int);	2024-03-05
\.


--
-- Data for Name: webhook_log_2024; Type: TABLE DATA; Schema: ledger; Owner: ledger_owner
--

COPY ledger.webhook_log_2024 (id, bank, body, seen_at) FROM stdin;
\.


--
-- Name: accounts_id_seq; Type: SEQUENCE SET; Schema: ledger; Owner: ledger_owner
--

SELECT pg_catalog.setval('ledger.accounts_id_seq', 3, true);


--
-- Name: clubs_id_seq; Type: SEQUENCE SET; Schema: ledger; Owner: ledger_owner
--

SELECT pg_catalog.setval('ledger.clubs_id_seq', 3, true);


--
-- Name: entries_id_seq; Type: SEQUENCE SET; Schema: ledger; Owner: ledger_owner
--

SELECT pg_catalog.setval('ledger.entries_id_seq', 3, true);


--
-- Name: accounts accounts_club_number_key; Type: CONSTRAINT; Schema: ledger; Owner: ledger_owner
--

ALTER TABLE ONLY ledger.accounts
    ADD CONSTRAINT accounts_club_number_key UNIQUE (club_id, number);


--
-- Name: accounts accounts_pkey; Type: CONSTRAINT; Schema: ledger; Owner: ledger_owner
--

ALTER TABLE ONLY ledger.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);


--
-- Name: clubs clubs_pkey; Type: CONSTRAINT; Schema: ledger; Owner: ledger_owner
--

ALTER TABLE ONLY ledger.clubs
    ADD CONSTRAINT clubs_pkey PRIMARY KEY (id);


--
-- Name: clubs clubs_slug_key; Type: CONSTRAINT; Schema: ledger; Owner: ledger_owner
--

ALTER TABLE ONLY ledger.clubs
    ADD CONSTRAINT clubs_slug_key UNIQUE (slug);


--
-- Name: entries entries_pkey; Type: CONSTRAINT; Schema: ledger; Owner: ledger_owner
--

ALTER TABLE ONLY ledger.entries
    ADD CONSTRAINT entries_pkey PRIMARY KEY (id);


--
-- Name: idx_entries_account; Type: INDEX; Schema: ledger; Owner: ledger_owner
--

CREATE INDEX idx_entries_account ON ledger.entries USING btree (account_id, booked_on DESC);


--
-- Name: idx_entries_memo; Type: INDEX; Schema: ledger; Owner: ledger_owner
--

CREATE INDEX idx_entries_memo ON ledger.entries USING btree (lower(memo)) WHERE (memo IS NOT NULL);


--
-- Name: idx_webhook_seen; Type: INDEX; Schema: ledger; Owner: ledger_owner
--

CREATE INDEX idx_webhook_seen ON ONLY ledger.webhook_log USING btree (seen_at);


--
-- Name: idx_yearly_year; Type: INDEX; Schema: ledger; Owner: ledger_owner
--

CREATE UNIQUE INDEX idx_yearly_year ON ledger.yearly USING btree (year);


--
-- Name: webhook_log_2024_seen_at_idx; Type: INDEX; Schema: ledger; Owner: ledger_owner
--

CREATE INDEX webhook_log_2024_seen_at_idx ON ledger.webhook_log_2024 USING btree (seen_at);


--
-- Name: webhook_log_2024_seen_at_idx; Type: INDEX ATTACH; Schema: ledger; Owner: ledger_owner
--

ALTER INDEX ledger.idx_webhook_seen ATTACH PARTITION ledger.webhook_log_2024_seen_at_idx;


--
-- Name: entries entries_refuse_closed; Type: TRIGGER; Schema: ledger; Owner: ledger_owner
--

CREATE TRIGGER entries_refuse_closed BEFORE INSERT ON ledger.entries FOR EACH ROW EXECUTE FUNCTION ledger.refuse_closed();


--
-- Name: accounts accounts_club_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: ledger_owner
--

ALTER TABLE ONLY ledger.accounts
    ADD CONSTRAINT accounts_club_id_fkey FOREIGN KEY (club_id) REFERENCES ledger.clubs(id) ON DELETE CASCADE;


--
-- Name: entries entries_account_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: ledger_owner
--

ALTER TABLE ONLY ledger.entries
    ADD CONSTRAINT entries_account_id_fkey FOREIGN KEY (account_id) REFERENCES ledger.accounts(id);


--
-- Name: SCHEMA ledger; Type: ACL; Schema: -; Owner: ledger_owner
--

GRANT USAGE ON SCHEMA ledger TO reporting;


--
-- Name: TABLE trial_balance; Type: ACL; Schema: ledger; Owner: ledger_owner
--

GRANT SELECT ON TABLE ledger.trial_balance TO reporting;


--
-- PostgreSQL database dump complete
--

\unrestrict q7Lk2SaldoDumpVw9Xc4Rt0Yb6Nm1Hj8Zd5Fg3Ke



-- 2024-05-02 added by hand (Tomasz), please keep at the end when you dump again!

CREATE TABLE IF NOT EXISTS ledger.webhook_secrets (
    bank text PRIMARY KEY,
    secret bytea NOT NULL, -- raw, not base64
);

CREATE INDEX idx_entries_account ON ledger.entries (account_id) INCLUDE (amount_cents);
