-- Which of the night's different texts resemble an original, stored or of tonight?
-- MinHash: the share of equal signature values estimates the share of equal word shingles. Candidates share one of 16
-- bands of 4 values (a pair of likeness 0.8 is met with probability 0.9998); each is compared with the 25 newest stored
-- texts of a band, and of tonight's with the band's first 25 and the 25 before it, so that a form letter sent by
-- thousands stays affordable.

CREATE OR REPLACE TEMP TABLE fresh_bands AS
SELECT
    undecided.feedback_id,
    undecided.occurred_at,
    undecided.place,
    CAST(bands.band AS UTINYINT) AS band,
    md5_number_lower(array_to_string(undecided.signature[4 * bands.band + 1 : 4 * bands.band + 4], ',')) AS band_hash
FROM undecided
JOIN same_text ON same_text.leader = undecided.feedback_id AND same_text.feedback_id = undecided.feedback_id
CROSS JOIN range(16) AS bands(band)
WHERE same_text.original IS NULL AND undecided.signature IS NOT NULL;

CREATE OR REPLACE TEMP TABLE candidates AS
WITH
met_bands AS (
    SELECT feedback_id, band, band_hash
    FROM signature_bands SEMI JOIN fresh_bands USING (band, band_hash)
    QUALIFY row_number() OVER (PARTITION BY band, band_hash ORDER BY occurred_at DESC NULLS LAST, feedback_id) <= 25
),
ranked_bands AS (
    SELECT *, row_number() OVER (PARTITION BY band, band_hash ORDER BY place) AS nth FROM fresh_bands
),
first_bands AS (
    FROM ranked_bands WHERE nth <= 25
)
SELECT fresh_bands.feedback_id, met_bands.feedback_id AS other
FROM fresh_bands JOIN met_bands USING (band, band_hash)
UNION
SELECT later.feedback_id, earlier.feedback_id
FROM ranked_bands AS later
JOIN first_bands AS earlier
    ON later.band = earlier.band AND later.band_hash = earlier.band_hash AND earlier.nth < later.nth
UNION
SELECT later.feedback_id, earlier.feedback_id
FROM ranked_bands AS later
JOIN (SELECT *, unnest(range(nth + 1, nth + 26)) AS later_nth FROM ranked_bands) AS earlier
    ON later.band = earlier.band AND later.band_hash = earlier.band_hash AND later.nth = earlier.later_nth;

SELECT candidates.feedback_id, candidates.other, others.place IS NULL AS is_stored
FROM candidates
JOIN undecided USING (feedback_id)
JOIN feedback ON feedback.feedback_id = candidates.other
LEFT JOIN undecided AS others ON others.feedback_id = candidates.other
WHERE len(list_filter(list_zip(undecided.signature, feedback.signature), lambda pair: pair[1] = pair[2])) >= 0.8 * 64
ORDER BY undecided.place, is_stored DESC, others.place, feedback.occurred_at NULLS LAST, candidates.other;
