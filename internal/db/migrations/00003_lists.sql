-- +goose Up
CREATE INDEX letters_newest ON letters (updated_at, id);
CREATE INDEX letters_direction ON letters (direction, updated_at, id);
CREATE INDEX letters_state ON letters (direction, state, updated_at, id);
CREATE INDEX letters_author ON letters (created_by, state);
CREATE INDEX letters_signer ON letters (signer_position_id, state);
CREATE INDEX letters_reading ON letters (read_state);
CREATE INDEX sessions_expiry ON sessions (expiry);
CREATE INDEX versions_preview ON versions (preview_ref);
