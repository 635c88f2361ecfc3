-- Question: what did each letter, call and post of the last days feel about each moment and soft quality, and how did
--           it come out: which rating, does its writer recommend us, is he leaving?
-- Grain:    one row per piece of feedback; `feelings` lists what it speaks of, from -1 to 1.
-- Reader:   cxnlp/insight/drivers.py. Bound: $night, $days, $left_out.
--
-- A rating becomes points from 0 to 100 between the lowest and the highest that its source ever gave. What only says the
-- outcome in other words ($left_out: recommending, never returning, love and hate) is no cause of it.
WITH
scales AS (
    SELECT source, min(rating) AS lowest, max(rating) AS highest FROM feedback WHERE isfinite(rating) GROUP BY source
),
said AS (
    SELECT feedback_id, mention_id, person_key, source, rating, family, label, polarity, decision = 'yes' AS is_sure, sentiment
    FROM evidence
    WHERE speaker IS DISTINCT FROM 'agent'
        AND occurred_on BETWEEN $night::DATE - $days::INTEGER + 1 AND $night::DATE
),
documents AS (
    SELECT
        feedback_id,
        any_value(person_key) AS person_key,
        any_value(source) AS source,
        any_value(rating) AS rating,
        count(DISTINCT mention_id) AS n_mentions,
        100e0 * coalesce(bool_or(is_sure AND family = 'signal' AND label = 'champion'), false)::INTEGER AS champion,
        100e0 * coalesce(bool_or(is_sure AND family = 'signal' AND label = 'churn'), false)::INTEGER AS churn
    FROM said
    GROUP BY feedback_id
),
felt AS (
    SELECT
        feedback_id,
        family,
        label,
        avg(CASE family WHEN 'moment' THEN sign(sentiment) WHEN 'unmeasurable' THEN if(polarity = '+', 1, -1) END) AS feeling
    FROM said
    WHERE is_sure AND family IN ('moment', 'unmeasurable') AND NOT list_contains($left_out::VARCHAR[], label)
    GROUP BY feedback_id, family, label
),
feelings AS (
    SELECT feedback_id, list({'family': family, 'label': label, 'feeling': feeling} ORDER BY family, label) AS feelings
    FROM felt
    GROUP BY feedback_id
)
SELECT
    feedback_id,
    person_key,
    source,
    n_mentions,
    CASE WHEN highest > lowest AND isfinite(rating) THEN 100e0 * (rating - lowest) / (highest - lowest) END AS rating,
    champion,
    churn,
    coalesce(feelings, []) AS feelings
FROM documents
LEFT JOIN scales USING (source)
LEFT JOIN feelings USING (feedback_id)
ORDER BY feedback_id
