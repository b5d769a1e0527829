-- +goose Up
CREATE INDEX letters_newest ON letters (updated_at, id);
CREATE INDEX letters_direction ON letters (direction, updated_at, id);
CREATE INDEX letters_state ON letters (state, updated_at, id);
CREATE INDEX letters_reading ON letters (read_state);
CREATE INDEX sessions_expiry ON sessions (expiry);
CREATE INDEX positions_office ON positions (office_id);
CREATE INDEX versions_preview ON versions (preview_ref);
