-- +goose Up
CREATE TABLE offices (
    id text PRIMARY KEY, parent_id text NOT NULL DEFAULT '', name text NOT NULL, short_name text NOT NULL,
    unit_code text NOT NULL, place text NOT NULL, time_zone text NOT NULL, letterhead text NOT NULL DEFAULT '{}', template text NOT NULL DEFAULT '{}'
);
CREATE TABLE units (
    id text PRIMARY KEY, office_id text NOT NULL REFERENCES offices (id), name text NOT NULL, code text NOT NULL DEFAULT ''
);
CREATE TABLE people (
    id text PRIMARY KEY, office_id text NOT NULL REFERENCES offices (id), name text NOT NULL, nip text NOT NULL DEFAULT '', person_rank text NOT NULL DEFAULT '',
    login text NOT NULL UNIQUE, password_hash text NOT NULL DEFAULT '', language text NOT NULL DEFAULT 'id', text_size bigint NOT NULL DEFAULT 18,
    active boolean NOT NULL DEFAULT true, failed_sign_ins bigint NOT NULL DEFAULT 0, locked_until timestamp, created_at timestamp NOT NULL
);
CREATE TABLE positions (
    id text PRIMARY KEY, office_id text NOT NULL REFERENCES offices (id), unit_id text NOT NULL DEFAULT '', title text NOT NULL,
    role text NOT NULL, abilities text NOT NULL DEFAULT '[]', superior_id text NOT NULL DEFAULT '', place bigint NOT NULL DEFAULT 0
);
CREATE TABLE appointments (
    id text PRIMARY KEY, office_id text NOT NULL REFERENCES offices (id), person_id text NOT NULL REFERENCES people (id),
    position_id text NOT NULL REFERENCES positions (id), capacity text NOT NULL, valid_from timestamp NOT NULL, valid_until timestamp
);
CREATE INDEX appointments_person ON appointments (person_id);
CREATE TABLE keys (
    id text PRIMARY KEY, person_id text NOT NULL REFERENCES people (id), office_id text NOT NULL REFERENCES offices (id),
    certificate text NOT NULL, chain text NOT NULL DEFAULT '', sealed text NOT NULL, not_after timestamp NOT NULL, tries_left bigint NOT NULL,
    revoked_at timestamp, created_at timestamp NOT NULL
);
CREATE INDEX keys_person ON keys (person_id);
CREATE TABLE sessions (token text PRIMARY KEY, data text NOT NULL, expiry timestamp NOT NULL);
CREATE TABLE tokens (
    id text PRIMARY KEY, person_id text NOT NULL REFERENCES people (id), office_id text NOT NULL REFERENCES offices (id), name text NOT NULL,
    hash text NOT NULL UNIQUE, created_at timestamp NOT NULL, last_used_at timestamp, revoked_at timestamp
);
CREATE TABLE kinds (
    office_id text NOT NULL REFERENCES offices (id), code text NOT NULL, name text NOT NULL, layout text NOT NULL, direction text NOT NULL, classification text NOT NULL DEFAULT '',
    series text NOT NULL, number_format text NOT NULL, sample text NOT NULL DEFAULT '', public_view text NOT NULL DEFAULT 'tidak', place bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (office_id, code)
);
CREATE TABLE classifications (
    office_id text NOT NULL REFERENCES offices (id), code text NOT NULL, name text NOT NULL, aliases text NOT NULL DEFAULT '', PRIMARY KEY (office_id, code)
);
