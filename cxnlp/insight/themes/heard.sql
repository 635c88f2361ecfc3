-- Question: which mentions may belong to a theme, and on which ground?
-- Grain: one row per mention and ground. Reader: cxnlp/insight/themes/night.py, as the temporary table theme_heard.
-- Grounds are the moments, wishes, and what is about no moment, not even perhaps. Customers' own words, no duplicates;
-- fewer than four words have no theme ("Thank you."). Bound: $encoder; without a vector of it a mention waits.
WITH
heard AS (
    SELECT
        mention_id, occurred_at, mentions.text, coalesce(customer_key, author_key, feedback_id) AS person_key,
        mention_id IN (SELECT mention_id FROM mention_vectors WHERE encoder_version = $encoder) AS has_vector
    FROM mentions
    JOIN feedback USING (feedback_id)
    WHERE duplicate_of IS NULL
        AND speaker IS DISTINCT FROM 'agent'
        AND len(string_split_regex(trim(mentions.text), '\s+')) >= 4
),
topics AS (
    SELECT mention_id, family, label, decision
    FROM settled
    WHERE family = 'moment' OR (family = 'signal' AND label = 'suggestion')
)
SELECT family || '.' || label AS ground, mention_id, person_key, occurred_at, has_vector, heard.text
FROM heard
JOIN topics USING (mention_id)
WHERE decision = 'yes'
UNION ALL
SELECT 'outside' AS ground, mention_id, person_key, occurred_at, has_vector, heard.text
FROM heard
ANTI JOIN (FROM topics WHERE family = 'moment') AS of_moments USING (mention_id)
