-- Which of the night's different texts resemble an original, stored or of tonight?
-- MinHash: the share of equal signature values estimates the share of equal word shingles. Candidates share one of 16
-- bands of 4 values (a pair of likeness 0.7 is met with probability 0.99); each is compared with the 25 newest stored
-- texts of a band, and of tonight's with the band's first 25 and the 25 before it, so that a form letter sent by
-- thousands stays affordable.

CREATE OR REPLACE TEMP TABLE fresh_bands AS
SELECT
    undecided.feedback_id,
    undecided.occurred_at,
    undecided.place,
    CAST(b AS UTINYINT) AS band,
    xor(
        (CAST(signature[4 * b + 1] AS UBIGINT) << 32) | signature[4 * b + 2],
        (CAST(signature[4 * b + 4] AS UBIGINT) << 32) | signature[4 * b + 3]
    ) AS band_hash
FROM undecided
JOIN same_text USING (feedback_id)
CROSS JOIN range(16) AS bands(b)
WHERE same_text.leader = feedback_id AND same_text.original IS NULL AND undecided.signature IS NOT NULL;

CREATE OR REPLACE TEMP TABLE candidates AS
WITH
stored_bands AS (
    SELECT feedback_id, band, band_hash
    FROM signature_bands SEMI JOIN fresh_bands USING (band, band_hash)
    QUALIFY row_number() OVER (PARTITION BY band, band_hash ORDER BY occurred_at DESC NULLS LAST, feedback_id) <= 25
),
shared AS (
    SELECT band, band_hash FROM fresh_bands GROUP BY band, band_hash HAVING count(*) > 1
),
ranked AS MATERIALIZED (
    SELECT feedback_id, band, band_hash, row_number() OVER (PARTITION BY band, band_hash ORDER BY place) AS nth
    FROM fresh_bands SEMI JOIN shared USING (band, band_hash)
),
followed AS (
    SELECT feedback_id, band, band_hash, unnest(range(nth + 1, nth + 26)) AS nth FROM ranked WHERE nth > 25
)
SELECT fresh_bands.feedback_id, stored_bands.feedback_id AS other
FROM fresh_bands JOIN stored_bands USING (band, band_hash)
UNION
SELECT later.feedback_id, earlier.feedback_id
FROM ranked AS later JOIN ranked AS earlier USING (band, band_hash)
WHERE earlier.nth <= 25 AND earlier.nth < later.nth
UNION
SELECT later.feedback_id, earlier.feedback_id
FROM ranked AS later JOIN followed AS earlier USING (band, band_hash, nth);

CREATE OR REPLACE TEMP TABLE alike AS
SELECT candidates.feedback_id, candidates.other, false AS is_repost
FROM candidates
JOIN undecided USING (feedback_id)
JOIN feedback ON feedback.feedback_id = candidates.other
WHERE list_sum([CAST(undecided.signature[i] = feedback.signature[i] AS INTEGER) FOR i IN range(1, 65)]) >= $same_share * 64
UNION
-- A repost may be cut short: the source itself says what it shares. Where that is a copy, it is the copy's original.
SELECT
    undecided.feedback_id,
    CASE
        WHEN same_text.feedback_id IS NULL THEN coalesce(feedback.duplicate_of, feedback.feedback_id)
        ELSE coalesce(same_text.original, same_text.leader)
    END AS shared_id,
    true AS is_repost
FROM undecided
JOIN feedback ON feedback.feedback_id = undecided.repost_of
LEFT JOIN same_text ON same_text.feedback_id = undecided.repost_of
WHERE shared_id <> undecided.feedback_id;

SELECT alike.feedback_id, alike.other, is_repost OR others.place IS NULL AS is_sure
FROM alike
JOIN undecided USING (feedback_id)
JOIN feedback ON feedback.feedback_id = alike.other
LEFT JOIN undecided AS others ON others.feedback_id = alike.other
ORDER BY undecided.place, is_sure DESC, others.place, feedback.occurred_at NULLS LAST, alike.other;
