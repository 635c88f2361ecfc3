-- Question: which quotes stand for each number?
-- Grain: one row per mention and tag that stands for a number: at most twelve a feeling of a moment or a side of
-- another label (forty of a warning or signal, which the journey map shows stage by stage), five complaints a moment
-- and week; the page shows fewer. `n_people_…`: all people of that side or week. Reader: the page's quotes.
WITH tagged AS (
    SELECT
        mention_id, feedback_id, person_key, family, label, week, occurred_on, coalesce(sentiment, 0) AS sentiment,
        CASE family
            WHEN 'moment' THEN CAST(coalesce(sentiment, 0) AS VARCHAR)
            WHEN 'unmeasurable' THEN polarity
            ELSE ''
        END AS side,
        CASE family WHEN 'moment' THEN CAST(sign(coalesce(sentiment, 0)) AS VARCHAR) ELSE side END AS half,
        length(quote) BETWEEN 40 AND 280 AND regexp_full_match(quote, '(?s)["“‘(£]?[\p{Lu}\d].*[.!?…]["”’)]?') AS is_readable,
        0.4 * coalesce(probability, 0) + 0.35 * abs(coalesce(sentiment_score, 0))
            + 0.25 / (1 + date_diff('week', occurred_on, (SELECT max(occurred_on) FROM period))) AS score
    FROM period
    WHERE decision = 'yes' AND speaker IS DISTINCT FROM 'agent' AND length(trim(quote)) > 0
),
own_best AS (
    SELECT *
    FROM tagged
    QUALIFY row_number() OVER (
        PARTITION BY family, label, side, week, person_key ORDER BY is_readable DESC, score DESC, mention_id
    ) = 1
),
ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY family, label, side ORDER BY is_readable DESC, score DESC, mention_id
        ) AS rank_of_side,
        row_number() OVER (
            PARTITION BY family, label, sentiment < 0, week ORDER BY is_readable DESC, score DESC, mention_id
        ) AS rank_of_week
    FROM own_best
),
people_of_side AS (
    SELECT family, label, half, count(DISTINCT person_key) AS n_people_of_side
    FROM own_best
    GROUP BY family, label, half
),
people_of_week AS (
    SELECT label, week, count(DISTINCT person_key) AS n_people_of_week
    FROM own_best
    WHERE family = 'moment' AND sentiment < 0
    GROUP BY label, week
),
chosen AS (
    SELECT family, label, side, half, week, sentiment, mention_id, feedback_id, person_key, rank_of_side, rank_of_week
    FROM ranked
    WHERE
        rank_of_side <= CASE WHEN family IN ('warning', 'signal') THEN 40 ELSE 12 END
        OR (family = 'moment' AND sentiment < 0 AND rank_of_week <= 5)
),
texts AS (
    SELECT mention_id, any_value(quote) AS quote, any_value(occurred_on) AS occurred_on,
        any_value(channel) AS channel, any_value(location) AS location, any_value(product) AS product
    FROM period
    WHERE mention_id IN (SELECT mention_id FROM chosen)
    GROUP BY mention_id
),
stages AS (
    SELECT feedback_id, list_sort(list(DISTINCT stage)) AS stages
    FROM period
    WHERE family = 'moment' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
        AND feedback_id IN (SELECT feedback_id FROM chosen)
    GROUP BY feedback_id
)
SELECT
    * EXCLUDE (half, stages, n_people_of_week),
    CASE WHEN family = 'moment' AND sentiment < 0 THEN n_people_of_week ELSE 0 END AS n_people_of_week,
    coalesce(stages, []) AS stages
FROM chosen
JOIN texts USING (mention_id)
JOIN people_of_side USING (family, label, half)
LEFT JOIN people_of_week USING (label, week)
LEFT JOIN stages USING (feedback_id)
ORDER BY family, label, side, rank_of_side, mention_id
