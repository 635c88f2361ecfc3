-- Question: which quotes stand for each item of the backlog?
-- Grain: one row per item and mention, at most twelve an item and one a person, the best first; items that are over are
-- left out. Reader: the page's backlog.
WITH said AS (
    SELECT
        item_id, mention_id, person_key, quote, occurred_on, week, channel, location, product,
        coalesce(period.sentiment, 0) AS sentiment,
        length(quote) BETWEEN 40 AND 280 AND regexp_full_match(quote, '(?s)["“‘(£]?[\p{Lu}\d].*[.!?…]["”’)]?') AS is_readable,
        0.4 * coalesce(probability, 0) + 0.35 * abs(coalesce(sentiment_score, 0))
            + 0.25 / (1 + date_diff('week', occurred_on, (SELECT max(occurred_on) FROM period))) AS score
    FROM backlog
    JOIN backlog_evidence USING (item_id)
    JOIN period USING (mention_id)
    WHERE backlog.state NOT IN ('quiet', 'merged')
        AND period.family = backlog.kind AND period.label = backlog.label AND period.decision = 'yes'
        AND length(trim(quote)) > 0
),
own_best AS (
    SELECT *
    FROM said
    QUALIFY row_number() OVER (PARTITION BY item_id, person_key ORDER BY is_readable DESC, score DESC, mention_id) = 1
)
SELECT item_id, mention_id, person_key, quote, occurred_on, week, channel, location, product, sentiment
FROM own_best
QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY is_readable DESC, score DESC, mention_id) <= 12
ORDER BY item_id, is_readable DESC, score DESC, mention_id
