CREATE SCHEMA analytics;

CREATE TABLE analytics.event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    properties jsonb NOT NULL DEFAULT '{}'
);

CREATE INDEX event_at_name_idx ON analytics.event (at, name);
