-- +goose Up
ALTER TABLE people ADD COLUMN code_until timestamp;
CREATE TABLE renewals (
    id text PRIMARY KEY, office_id text NOT NULL REFERENCES offices (id), person_id text NOT NULL REFERENCES people (id), reason text NOT NULL,
    first_by text NOT NULL, first_name text NOT NULL, first_at timestamp NOT NULL, second_by text NOT NULL DEFAULT '', second_name text NOT NULL DEFAULT '', ended_at timestamp
);
CREATE INDEX renewals_office ON renewals (office_id, ended_at);
CREATE INDEX appointments_position ON appointments (position_id);
