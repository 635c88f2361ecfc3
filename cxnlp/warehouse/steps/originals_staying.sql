-- Which kept originals may stay? Those of feedback that is stored with these very words and is young enough.
-- Grain: one row a piece of feedback. Reader: privacy/originals.py.
-- Reads the frame `stored` (feedback_id, content_hash) and the file attached as `kept`.

SELECT originals.*
FROM kept.originals AS originals
SEMI JOIN stored USING (feedback_id, content_hash)
WHERE coalesce(CAST(originals.occurred_at AS DATE), originals.kept_on) >= $first_on
ORDER BY originals.rowid
