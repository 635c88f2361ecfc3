-- Of what arrived: the newest version of each feedback_id, unless the same content is stored already.
-- Of two versions with the same date the one that was read later counts: files are read in the order of their names, while
-- file times are only what the last copy made of them.
-- Reads a relation `arrived_feedback` with at least feedback_id, content_hash, occurred_at, received_at, folder.

SELECT arrived_feedback.*, stored.feedback_id IS NOT NULL AS is_correction
FROM (
    FROM arrived_feedback
    QUALIFY row_number() OVER (
        PARTITION BY feedback_id
        ORDER BY occurred_at DESC NULLS LAST, folder DESC, received_at DESC NULLS LAST, content_hash
    ) = 1
) AS arrived_feedback
LEFT JOIN feedback AS stored USING (feedback_id)
WHERE stored.content_hash IS DISTINCT FROM arrived_feedback.content_hash
