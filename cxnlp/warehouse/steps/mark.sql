-- Write down which texts are duplicates of which, and keep the bands of those that are not.

CREATE OR REPLACE TEMP TABLE verdicts AS
SELECT
    same_text.feedback_id,
    coalesce(
        same_text.original,
        near_texts.original,
        CASE WHEN same_text.leader <> same_text.feedback_id THEN same_text.leader END
    ) AS original
FROM same_text
LEFT JOIN near_texts ON near_texts.feedback_id = same_text.leader;

UPDATE feedback
SET duplicate_of = verdicts.original
FROM verdicts
WHERE verdicts.feedback_id = feedback.feedback_id AND feedback.duplicate_of IS DISTINCT FROM verdicts.original;

INSERT INTO signature_bands BY NAME
SELECT fresh_bands.* EXCLUDE (place)
FROM fresh_bands
JOIN verdicts ON verdicts.feedback_id = fresh_bands.feedback_id AND verdicts.original IS NULL
ORDER BY fresh_bands.band, fresh_bands.feedback_id;

INSERT INTO uncounted SELECT feedback_id FROM verdicts;
