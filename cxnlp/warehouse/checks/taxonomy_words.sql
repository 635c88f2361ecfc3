-- Tags use the taxonomy's words: known labels, + or - on unmeasurables only, known decisions and voters.

WITH
allowed AS (
    SELECT family, id AS label FROM taxonomy
    UNION ALL
    SELECT 'sentiment', unnest(['-2', '-1', '0', '1', '2'])
)
SELECT tags.mention_id, tags.family, tags.label, tags.polarity, tags.decision, tags.voter
FROM tags
LEFT JOIN allowed USING (family, label)
WHERE allowed.label IS NULL
    OR (tags.family = 'unmeasurable') <> (tags.polarity IS NOT NULL)
    OR tags.polarity NOT IN ('+', '-')
    OR tags.voter NOT IN ('model', 'rule', 'person')
    OR tags.decision NOT IN ('yes', 'unsure', 'no')
    OR (tags.decision = 'no' AND tags.voter <> 'person');
