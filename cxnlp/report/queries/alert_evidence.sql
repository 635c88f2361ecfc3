-- Question: which quotes stand for each early warning?
-- Grain: one row per open alert and mention, at most twelve an alert and one a person, the best first; `until_on` is the
-- last day that its number counts. Reader: the page's early warnings.
WITH raised AS (
    SELECT *, greatest(least(last_on, (SELECT max(occurred_on) FROM period)), last_on - 1) AS until_on
    FROM open_alerts
),
complaints AS (
    SELECT DISTINCT feedback_id, label AS moment
    FROM period
    WHERE family = 'moment' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent' AND sentiment < 0
),
read_lately AS (
    SELECT alert_id, feedback_id
    FROM raised
    JOIN runs ON runs.night > raised.last_on - raised.n_days::INTEGER AND runs.night <= raised.last_on
    JOIN feedback USING (run_id)
    WHERE raised.kind = 'crisis'
),
said AS (
    SELECT
        alert_id, until_on, mention_id, person_key, quote, occurred_on, week, channel, period.location, period.product,
        coalesce(sentiment, 0) AS sentiment,
        voter <> 'model' AS is_told, coalesce(probability, 0) AS probability,
        length(quote) BETWEEN 40 AND 280 AND regexp_full_match(quote, '(?s)["“‘(£]?[\p{Lu}\d].*[.!?…]["”’)]?') AS is_readable
    FROM raised
    JOIN period
        ON period.family = raised.family AND period.label = raised.label
            AND period.polarity IS NOT DISTINCT FROM raised.polarity
    WHERE period.decision = 'yes' AND speaker IS DISTINCT FROM 'agent' AND length(trim(quote)) > 0
        AND (period.family <> 'moment' OR sentiment < 0)
        AND (period.product = raised.product OR (raised.product IS NULL AND (raised.kind = 'rise' OR period.product IS NULL)))
        AND (period.location = raised.location OR (raised.location IS NULL AND (raised.kind = 'rise' OR period.location IS NULL)))
        AND (raised.moment IS NULL OR (feedback_id, raised.moment) IN (FROM complaints))
        AND occurred_on BETWEEN until_on - 27 AND until_on
        AND (occurred_on > until_on - raised.n_days::INTEGER OR (alert_id, feedback_id) IN (FROM read_lately))
        AND (raised.kind = 'rise' OR is_credible(mention_id, voter, probability))
),
own_best AS (
    SELECT *
    FROM said
    QUALIFY row_number() OVER (
        PARTITION BY alert_id, person_key ORDER BY is_readable DESC, is_told DESC, probability DESC, mention_id
    ) = 1
)
SELECT alert_id, until_on, mention_id, person_key, quote, occurred_on, week, channel, location, product, sentiment
FROM own_best
QUALIFY row_number() OVER (
    PARTITION BY alert_id ORDER BY is_readable DESC, is_told DESC, probability DESC, occurred_on DESC, mention_id
) <= 12
ORDER BY alert_id, is_readable DESC, is_told DESC, probability DESC, occurred_on DESC, mention_id
