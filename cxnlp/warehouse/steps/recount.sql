-- Counts anew all that some people said. Bound: $bucket, $n_buckets. Reads `recounted` (person_key): people whose feedback
-- changed. Makes the temporary tables `pieces`, `lines` and `tags_again` for settle and count.sql.

CREATE OR REPLACE TEMP TABLE people AS
SELECT person_key FROM recounted WHERE hash(person_key) % $n_buckets = $bucket;

DELETE FROM counted_feedback WHERE person_key IN (SELECT person_key FROM people);
DELETE FROM counted_labels WHERE person_key IN (SELECT person_key FROM people);
DELETE FROM counted_pairs WHERE person_key IN (SELECT person_key FROM people);
DELETE FROM counted_employees WHERE person_key IN (SELECT person_key FROM people);

CREATE OR REPLACE TEMP TABLE pieces AS
WITH
originals AS (
    SELECT
        feedback_id,
        coalesce(customer_key, author_key, feedback_id) AS person_key,
        coalesce(customer_key, author_key) IS NOT NULL AS is_known,
        occurred_at,
        utc_day(occurred_at) AS occurred_on,
        channel,
        product,
        location,
        segment
    FROM feedback
    WHERE duplicate_of IS NULL AND is_readable
)
SELECT
    *,
    CAST(date_trunc('week', occurred_on) AS DATE) AS week,
    CAST(date_trunc('month', occurred_on) AS DATE) AS month
FROM originals
SEMI JOIN people USING (person_key);

CREATE OR REPLACE TEMP TABLE lines AS
SELECT
    mentions.mention_id,
    mentions.feedback_id,
    CASE WHEN speaker = 'agent' THEN 'agent' ELSE 'customer' END AS speaker,
    mentions."start",
    mentions."end"
FROM mentions
SEMI JOIN pieces USING (feedback_id);

CREATE OR REPLACE TEMP TABLE tags_again AS
SELECT tags.* FROM tags SEMI JOIN lines USING (mention_id);
