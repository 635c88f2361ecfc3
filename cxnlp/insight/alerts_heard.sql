-- Question: how many people speak of each series, and which mentions show it best?
-- Grain:    one row per series and rank, at most three, each of another person.
-- Reader:   cxnlp/insight/alerts.py, with the series registered as `watched` (number, what and where as in alerts, and the days
--           that count: first_on to until_on). Bound: $first_on, $until_on (of all of them).
WITH
said AS (
    SELECT *
    FROM evidence
    WHERE decision = 'yes' AND speaker IS DISTINCT FROM 'agent' AND occurred_on BETWEEN $first_on::DATE AND $until_on::DATE
),
complaints AS (
    SELECT DISTINCT feedback_id, label AS moment FROM said WHERE family = 'moment' AND sentiment < 0
),
candidates AS (
    SELECT
        watched.number, said.mention_id, said.person_key,
        voter <> 'model' AS is_told, said.probability, said.occurred_at
    FROM watched
    JOIN said
        ON said.family = watched.family AND said.label = watched.label AND said.polarity IS NOT DISTINCT FROM watched.polarity
    WHERE
        said.occurred_on BETWEEN watched.first_on AND watched.until_on
        AND (said.family <> 'moment' OR said.sentiment < 0)
        AND (said.product = watched.product OR (watched.product IS NULL AND (watched.kind = 'rise' OR said.product IS NULL)))
        AND (said.location = watched.location OR (watched.location IS NULL AND (watched.kind = 'rise' OR said.location IS NULL)))
        AND (watched.moment IS NULL OR (said.feedback_id, watched.moment) IN (FROM complaints))
),
own_best AS (
    SELECT *
    FROM candidates
    QUALIFY row_number() OVER (PARTITION BY number, person_key ORDER BY is_told DESC, probability DESC, mention_id) = 1
)
SELECT number, count(*) OVER (PARTITION BY number) AS n_customers, mention_id, row_number() OVER best AS rank
FROM own_best
WINDOW best AS (PARTITION BY number ORDER BY is_told DESC, probability DESC, occurred_at DESC, mention_id)
QUALIFY rank <= 3
ORDER BY number, rank
