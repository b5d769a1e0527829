-- +goose Up
CREATE TABLE letters (
    id text PRIMARY KEY, office_id text NOT NULL REFERENCES offices (id), unit_id text NOT NULL DEFAULT '', direction text NOT NULL, kind text NOT NULL,
    state text NOT NULL, read_state text NOT NULL, read_error text NOT NULL DEFAULT '', subject text NOT NULL, number text NOT NULL DEFAULT '', agenda_number text NOT NULL DEFAULT '',
    sender text NOT NULL DEFAULT '', recipient text NOT NULL DEFAULT '', summary text NOT NULL DEFAULT '', notes text NOT NULL DEFAULT '',
    letter_date timestamp, received_at timestamp, class text NOT NULL, urgency text NOT NULL, classification text NOT NULL DEFAULT '',
    created_by text NOT NULL DEFAULT '', signer_person_id text NOT NULL DEFAULT '', signer_position_id text NOT NULL DEFAULT '', signer text NOT NULL DEFAULT '',
    verify_token text UNIQUE, short_code text UNIQUE, version_id text NOT NULL DEFAULT '', approved_at timestamp, final_ref text NOT NULL DEFAULT '', final_at timestamp,
    signed_ref text NOT NULL DEFAULT '', signed_at timestamp, pages bigint NOT NULL DEFAULT 0, thumbnail_ref text NOT NULL DEFAULT '', index_pending boolean NOT NULL DEFAULT true,
    revision bigint NOT NULL DEFAULT 1, return_note text NOT NULL DEFAULT '', created_at timestamp NOT NULL, updated_at timestamp NOT NULL
);
CREATE INDEX letters_list ON letters (office_id, direction, state, updated_at);
CREATE INDEX letters_pending ON letters (index_pending);
CREATE TABLE letter_readers (letter_id text NOT NULL REFERENCES letters (id), word text NOT NULL, PRIMARY KEY (letter_id, word));
CREATE INDEX letter_readers_word ON letter_readers (word, letter_id);
CREATE TABLE drafts (letter_id text PRIMARY KEY REFERENCES letters (id), content text NOT NULL, body text NOT NULL DEFAULT '', reviewers text NOT NULL DEFAULT '[]', updated_by text NOT NULL, updated_at timestamp NOT NULL);
CREATE TABLE versions (
    id text PRIMARY KEY, letter_id text NOT NULL REFERENCES letters (id), seq bigint NOT NULL, content text NOT NULL, digest text NOT NULL,
    preview_ref text NOT NULL, created_by text NOT NULL, created_at timestamp NOT NULL, UNIQUE (letter_id, seq)
);
CREATE TABLE initials (
    id text PRIMARY KEY, letter_id text NOT NULL REFERENCES letters (id), version_id text NOT NULL REFERENCES versions (id), seq bigint NOT NULL,
    position_id text NOT NULL, person_id text NOT NULL DEFAULT '', name text NOT NULL DEFAULT '', title text NOT NULL DEFAULT '', state text NOT NULL,
    digest text NOT NULL DEFAULT '', preview_ref text NOT NULL DEFAULT '', note text NOT NULL DEFAULT '', at timestamp, UNIQUE (version_id, seq)
);
CREATE INDEX initials_position ON initials (position_id, state);
CREATE TABLE files (
    id text PRIMARY KEY, letter_id text NOT NULL REFERENCES letters (id), office_id text NOT NULL REFERENCES offices (id), role text NOT NULL, ref text NOT NULL,
    from_file text NOT NULL DEFAULT '', recipe text NOT NULL DEFAULT '', name text NOT NULL, media text NOT NULL, size bigint NOT NULL, created_at timestamp NOT NULL,
    UNIQUE (letter_id, role, ref, from_file, recipe)
);
CREATE INDEX files_ref ON files (ref);
CREATE TABLE pages (
    letter_id text NOT NULL REFERENCES letters (id), number bigint NOT NULL, office_id text NOT NULL, file_id text NOT NULL REFERENCES files (id), text text NOT NULL DEFAULT '',
    source text NOT NULL, reason text NOT NULL DEFAULT '', confidence double precision NOT NULL DEFAULT 0, skew double precision NOT NULL DEFAULT 0, dpi double precision NOT NULL DEFAULT 0,
    words_ref text NOT NULL DEFAULT '', thumbnail_ref text NOT NULL DEFAULT '', width double precision NOT NULL DEFAULT 0, height double precision NOT NULL DEFAULT 0, PRIMARY KEY (letter_id, number)
);
CREATE TABLE number_series (
    id text PRIMARY KEY, office_id text NOT NULL REFERENCES offices (id), code text NOT NULL, year bigint NOT NULL, next bigint NOT NULL, UNIQUE (office_id, code, year)
);
CREATE TABLE numbers (
    series_id text NOT NULL REFERENCES number_series (id), seq bigint NOT NULL, state text NOT NULL, letter_id text NOT NULL, reason text NOT NULL DEFAULT '', at timestamp NOT NULL,
    PRIMARY KEY (series_id, seq)
);
CREATE INDEX numbers_letter ON numbers (letter_id);
CREATE TABLE sign_tokens (
    hash text PRIMARY KEY, letter_id text NOT NULL REFERENCES letters (id), person_id text NOT NULL REFERENCES people (id), final_ref text NOT NULL, expires_at timestamp NOT NULL, used_at timestamp
);
CREATE TABLE verifications (id text PRIMARY KEY, letter_id text NOT NULL REFERENCES letters (id), at timestamp NOT NULL, result text NOT NULL);
CREATE TABLE audit (
    id text PRIMARY KEY, office_id text NOT NULL REFERENCES offices (id), seq bigint NOT NULL, at timestamp NOT NULL, person_id text NOT NULL, actor text NOT NULL, title text NOT NULL,
    action text NOT NULL, kind text NOT NULL, object_id text NOT NULL, detail text NOT NULL, prev_hash text NOT NULL, hash text NOT NULL, UNIQUE (office_id, seq)
);
CREATE INDEX audit_object ON audit (object_id, seq);
