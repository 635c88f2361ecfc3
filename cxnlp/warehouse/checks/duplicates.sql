-- A duplicate points to stored feedback that is itself no duplicate.

SELECT copies.feedback_id, copies.duplicate_of
FROM feedback AS copies
LEFT JOIN feedback AS originals ON originals.feedback_id = copies.duplicate_of
WHERE copies.duplicate_of IS NOT NULL
    AND (originals.feedback_id IS NULL OR originals.duplicate_of IS NOT NULL);
