-- What is in a file of originals, kept or sealed: the words of feedback in front of the mask.
-- Grain: one row a piece of feedback. Reader: privacy/originals.py alone; such a file is encrypted and never published.

CREATE TABLE IF NOT EXISTS originals (
    feedback_id VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    occurred_at TIMESTAMPTZ,
    kept_on DATE,
    text VARCHAR NOT NULL
);

COMMENT ON TABLE originals IS 'Texts as they arrived, names and numbers included';
COMMENT ON COLUMN originals.feedback_id IS 'The piece of feedback; its masked text is in the warehouse';
COMMENT ON COLUMN originals.content_hash IS 'That of the stored feedback: a corrected text has another';
COMMENT ON COLUMN originals.source IS 'Name of the source in cxnlp.toml';
COMMENT ON COLUMN originals.occurred_at IS 'When the customer wrote or spoke; its age decides how long it is kept';
COMMENT ON COLUMN originals.kept_on IS 'Night in which it came in; decides where occurred_at is not known';
COMMENT ON COLUMN originals.text IS 'The words, unmasked; encoding and line ends repaired';
