-- +goose Up
ALTER TABLE letters ADD COLUMN forwarded_to text NOT NULL DEFAULT '';
ALTER TABLE letters ADD COLUMN due timestamp;
ALTER TABLE letters ADD COLUMN reply_to text NOT NULL DEFAULT '';
ALTER TABLE letters ADD COLUMN replaces text NOT NULL DEFAULT '';
ALTER TABLE letters ADD COLUMN end_reason text NOT NULL DEFAULT '';
ALTER TABLE letters ADD COLUMN folder text NOT NULL DEFAULT '';
ALTER TABLE letters ADD COLUMN ink boolean NOT NULL DEFAULT false;
ALTER TABLE letters ADD COLUMN bound_to text NOT NULL DEFAULT '';
CREATE INDEX letters_forwarded ON letters (forwarded_to, state);
CREATE INDEX letters_reply ON letters (reply_to);
CREATE INDEX letters_replaces ON letters (replaces);
CREATE TABLE dispositions (
    id text PRIMARY KEY, letter_id text NOT NULL REFERENCES letters (id), office_id text NOT NULL REFERENCES offices (id), parent_id text NOT NULL DEFAULT '',
    person_id text NOT NULL, position_id text NOT NULL, name text NOT NULL, title text NOT NULL, instructions text NOT NULL DEFAULT '[]', note text NOT NULL DEFAULT '',
    due timestamp, at timestamp NOT NULL
);
CREATE INDEX dispositions_letter ON dispositions (letter_id);
CREATE TABLE assignments (
    id text PRIMARY KEY, disposition_id text NOT NULL REFERENCES dispositions (id), letter_id text NOT NULL REFERENCES letters (id), office_id text NOT NULL REFERENCES offices (id),
    position_id text NOT NULL, person_id text NOT NULL, name text NOT NULL, title text NOT NULL, state text NOT NULL, due timestamp, at timestamp NOT NULL,
    read_at timestamp, done_at timestamp, done_by text NOT NULL DEFAULT '', report text NOT NULL DEFAULT '', report_file text NOT NULL DEFAULT ''
);
CREATE INDEX assignments_letter ON assignments (letter_id);
CREATE INDEX assignments_position ON assignments (position_id, state);
CREATE TABLE deliveries (
    id text PRIMARY KEY, letter_id text NOT NULL REFERENCES letters (id), office_id text NOT NULL REFERENCES offices (id), recipient text NOT NULL, way text NOT NULL,
    receiver text NOT NULL DEFAULT '', note text NOT NULL DEFAULT '', person_id text NOT NULL, name text NOT NULL, at timestamp NOT NULL
);
CREATE INDEX deliveries_letter ON deliveries (letter_id);
CREATE INDEX deliveries_office ON deliveries (office_id, at);
CREATE TABLE copies (letter_id text NOT NULL REFERENCES letters (id), position_id text NOT NULL, read_at timestamp, PRIMARY KEY (letter_id, position_id));
CREATE INDEX copies_position ON copies (position_id, read_at);
CREATE TABLE opened (person_id text NOT NULL REFERENCES people (id), letter_id text NOT NULL REFERENCES letters (id), at timestamp NOT NULL, PRIMARY KEY (person_id, letter_id));
CREATE INDEX opened_person ON opened (person_id, at);
CREATE TABLE instructions (office_id text NOT NULL REFERENCES offices (id), place bigint NOT NULL, words text NOT NULL, PRIMARY KEY (office_id, place));
