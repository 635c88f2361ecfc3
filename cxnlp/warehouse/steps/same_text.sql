-- Which of the night's texts are there already, word for word?
-- A text of eight words or more is the same text whoever sent it. A shorter one ("Thank you!") only from the same
-- person: thirty customers who write the same two words are thirty opinions.
-- The original is the one stored in an earlier night, else the first (occurred_at, then feedback_id) of tonight.

CREATE OR REPLACE TEMP TABLE undecided AS
WITH
tonight AS (
    SELECT feedback_id FROM fresh_feedback UNION SELECT feedback_id FROM leaning_feedback
),
texts AS (
    SELECT feedback.*, len(string_split_regex(trim(text), '\s+')) >= 8 AS is_long
    FROM feedback SEMI JOIN tonight USING (feedback_id)
)
SELECT
    feedback_id,
    occurred_at,
    CASE
        WHEN is_long THEN content_hash
        ELSE concat_ws('|', content_hash, coalesce(customer_key, author_key, feedback_id))
    END AS same_text,
    content_hash,
    repost_of,
    CASE WHEN is_long AND len(signature) = 64 THEN signature END AS signature,
    row_number() OVER (ORDER BY occurred_at NULLS LAST, feedback_id) AS place
FROM texts;

CREATE OR REPLACE TEMP TABLE same_text AS
WITH
stored AS (
    SELECT
        CASE
            WHEN len(string_split_regex(trim(text), '\s+')) >= 8 THEN content_hash
            ELSE concat_ws('|', content_hash, coalesce(customer_key, author_key, feedback_id))
        END AS same_text,
        coalesce(duplicate_of, feedback_id) AS original
    FROM feedback
    SEMI JOIN undecided USING (content_hash)
    ANTI JOIN undecided USING (feedback_id)
),
originals AS (
    SELECT same_text, min(original) AS original FROM stored GROUP BY same_text
)
SELECT
    undecided.feedback_id,
    undecided.place,
    first_value(undecided.feedback_id) OVER (PARTITION BY undecided.same_text ORDER BY undecided.place) AS leader,
    originals.original
FROM undecided
LEFT JOIN originals USING (same_text);
