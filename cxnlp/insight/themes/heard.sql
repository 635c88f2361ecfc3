-- Question: which mentions of changed feedback may belong to a theme, and on which ground?
-- Grain: one row per mention and ground. Reader: noted.sql, as the temporary table theme_heard. Reads the temporary tables
-- of changed.sql; changed_settled are their votes after they are settled.
-- Grounds are the moments, wishes, and what is about no moment, not even perhaps. Customers' own words, no duplicates;
-- fewer than four words, placeholders of what was masked not counted, have no theme ("Thank you.", an address). Without a vector of the night's encoder a mention waits.
WITH
heard AS (
    SELECT mention_id, occurred_at, encoder_version
    FROM changed_mentions
    JOIN feedback USING (feedback_id)
    LEFT JOIN mention_vectors USING (mention_id)
    WHERE duplicate_of IS NULL
        AND speaker IS DISTINCT FROM 'agent'
        AND len(regexp_extract_all(regexp_replace(changed_mentions.text, '\[[A-Z_ ]+\]', ' ', 'g'), '[[:alnum:]]\S*')) >= 4
)
SELECT family || '.' || label AS ground, heard.*
FROM heard
JOIN changed_settled USING (mention_id)
WHERE decision = 'yes'
UNION ALL
SELECT 'outside' AS ground, heard.*
FROM heard
ANTI JOIN (FROM changed_settled WHERE family = 'moment') AS of_moments USING (mention_id)
