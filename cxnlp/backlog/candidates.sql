-- Question: which mentions would represent each item well?
-- Grain: one row per item and customer (their best mention), at most 40 an item, best first.
-- A quote is readable when it is a whole sentence of 40 to 280 characters, not half a clause or a note's bullet.
-- One that is doubtful, in its label or in that it is bad, is put behind: it may be no complaint of this at all.
-- `tone` is how the rest of its feedback feels, from -1 to 1, or it by itself where there is no rest: who praises all else
-- seldom complains in between, so a quote that stands alone with its complaint is doubtful, too.
-- Those that a sentence is made of are there, too. Reader: cxnlp/backlog/quotes.py.
-- Bound: $first_on, $last_on, $sources (ids of mentions). Reads the temporary table `heard`.
WITH
felt AS (
    SELECT feedback_id, coalesce(sum(sentiment_score), 0) AS total, count(sentiment_score) AS n
    FROM (SELECT DISTINCT mention_id, feedback_id, sentiment_score FROM heard)
    GROUP BY feedback_id
),
candidates AS (
    SELECT
        heard.*,
        family <> 'signal' AS is_complaint,
        coalesce(
            (total - coalesce(sentiment_score, 0)) / nullif(n - (sentiment_score IS NOT NULL)::INTEGER, 0), sentiment_score, 0
        ) AS tone
    FROM heard
    JOIN felt USING (feedback_id)
    WHERE item_id IS NOT NULL AND is_in_period AND length(trim(quote)) > 0
),
scored AS (
    SELECT
        item_id, mention_id, feedback_id, person_key, channel, location, quote,
        length(quote) BETWEEN 40 AND 280 AND regexp_full_match(quote, '(?s)["“‘(£]?[\p{Lu}\d].*[.!?…]["”’)]?') AS is_readable,
        is_complaint AND (coalesce(sentiment_score, 0) > -0.25 OR tone > -0.1) AS is_doubtful,
        0.40 * coalesce(probability, 0)
            + 0.35 * CASE WHEN is_complaint THEN greatest(-sentiment_score, 0) ELSE 0.5 END
            + 0.25 * date_diff('day', $first_on::DATE, occurred_on)
                / greatest(date_diff('day', $first_on::DATE, $last_on::DATE), 1)
            + CASE WHEN is_complaint THEN greatest(0, least(0.4, -tone)) ELSE 0 END
            - CASE WHEN is_complaint AND coalesce(sentiment_score, 0) > -0.25
                OR probability < median(probability) OVER (PARTITION BY item_id) THEN 0.3 ELSE 0 END AS score
    FROM candidates
),
own_best AS (  -- one voice, one quote
    SELECT *
    FROM scored
    QUALIFY row_number() OVER (PARTITION BY item_id, person_key ORDER BY is_readable DESC, score DESC, mention_id) = 1
        OR list_contains($sources::VARCHAR[], mention_id)
)
SELECT *
FROM own_best
QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY is_readable DESC, score DESC, mention_id) <= 40
    OR list_contains($sources::VARCHAR[], mention_id)
ORDER BY item_id, is_readable DESC, score DESC, mention_id
