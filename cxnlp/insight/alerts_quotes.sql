-- Question: which mentions show best what each alert is about?
-- Grain:    one row per alert and rank, at most three, each of another person.
-- Reader:   cxnlp/insight/alerts.py, with tonight's alerts registered as `raised`. Bound: $last_on.
WITH
said AS (
    SELECT *
    FROM evidence
    WHERE decision = 'yes' AND speaker IS DISTINCT FROM 'agent' AND occurred_on BETWEEN $last_on::DATE - 27 AND $last_on::DATE
),
complaints AS (
    SELECT DISTINCT feedback_id, label AS moment FROM said WHERE family = 'moment' AND sentiment < 0
),
candidates AS (
    SELECT
        raised.alert_id, said.mention_id, said.person_key,
        voter <> 'model' AS is_told, said.probability, said.occurred_at
    FROM raised
    JOIN said
        ON said.family = raised.family AND said.label = raised.label AND said.polarity IS NOT DISTINCT FROM raised.polarity
    WHERE
        (raised.kind = 'crisis' OR said.occurred_on > $last_on::DATE - raised.n_days::INTEGER)
        AND (said.family <> 'moment' OR said.sentiment < 0)
        AND (said.product = raised.product OR (raised.product IS NULL AND (raised.kind = 'rise' OR said.product IS NULL)))
        AND (said.location = raised.location OR (raised.location IS NULL AND (raised.kind = 'rise' OR said.location IS NULL)))
        AND (raised.moment IS NULL OR (said.feedback_id, raised.moment) IN (FROM complaints))
),
own_best AS (
    SELECT *
    FROM candidates
    QUALIFY row_number() OVER (PARTITION BY alert_id, person_key ORDER BY is_told DESC, probability DESC, mention_id) = 1
)
SELECT alert_id, mention_id, row_number() OVER best AS rank
FROM own_best
WINDOW best AS (PARTITION BY alert_id ORDER BY is_told DESC, probability DESC, occurred_at DESC, mention_id)
QUALIFY rank <= 3
ORDER BY alert_id, rank
