-- Question: in each week and month, of how many customers did the model hear each label, and how often was it right
--           about those of whom people judged everything?
-- Grain:    one row per period, week or month, and label, those of which nobody spoke too.
-- Reader:   cxnlp/insight/rates.py. Bound: $model_versions, $least_whole.
--
-- A customer who wrote several times in a period counts once. People's votes are left out of what the model said: a
-- corrected count must know how the model errs, not how it looks once mended. A customer is labelled for a label when all
-- texts of his of the period lie in the random slice and all their mentions were judged for it.
WITH
heard AS (
    SELECT feedback_id, mention_id, mentions.text, utc_day(occurred_at) AS occurred_on,
        coalesce(customer_key, author_key, feedback_id) AS person_key
    FROM mentions
    JOIN feedback USING (feedback_id)
    WHERE duplicate_of IS NULL AND is_readable AND speaker IS DISTINCT FROM 'agent'
),
sayings AS (
    SELECT 'week' AS period, date_trunc('week', occurred_on)::DATE AS starts_on, * FROM heard
    UNION ALL
    SELECT 'month', date_trunc('month', occurred_on)::DATE, * FROM heard
),
machine AS (
    SELECT mention_id, family, label, coalesce(polarity, '') AS sign, decision = 'yes' AS is_yes, model_version
    FROM tags
    WHERE voter <> 'person'
),
texts AS (
    SELECT DISTINCT period, starts_on, person_key, feedback_id FROM sayings
),
written AS (
    SELECT period, starts_on, person_key, count(*) AS n_texts FROM texts GROUP BY ALL
),
writers AS (
    SELECT
        period, starts_on, sum(n_texts)::BIGINT AS n_feedback, count(*) AS n_customers_all, map_entries(histogram(n_texts)) AS texts_each
    FROM written
    GROUP BY period, starts_on
),
strangers AS (  -- periods in which another model than the measured one had its say
    SELECT DISTINCT period, starts_on
    FROM sayings
    JOIN machine USING (mention_id)
    WHERE NOT coalesce(list_contains($model_versions::VARCHAR[], model_version), false)
),
labels AS (
    SELECT family, id AS label, unnest(CASE family WHEN 'unmeasurable' THEN ['+', '-'] ELSE [''] END) AS sign
    FROM taxonomy
    WHERE retired IS NULL
),
said AS (
    SELECT DISTINCT period, starts_on, person_key, family, label, sign
    FROM sayings
    JOIN machine USING (mention_id)
    WHERE is_yes
),
reporting AS (
    SELECT period, starts_on, family, label, sign, count(*) AS n_customers_reporting
    FROM said
    GROUP BY ALL
),
judged AS (  -- the same words twice in one letter are asked about once
    SELECT feedback_id, text, family, label, coalesce(polarity, '') AS sign
    FROM reviews
    JOIN (SELECT mention_id, text FROM mentions) USING (mention_id)
    WHERE slice = 'random'
    GROUP BY ALL
),
truths AS (
    SELECT mention_id, family, label, coalesce(polarity, '') AS sign
    FROM tags
    WHERE voter = 'person' AND decision = 'yes'
),
text_lines AS (
    SELECT feedback_id, count(*) AS n_lines FROM heard GROUP BY feedback_id
),
judged_texts AS (
    SELECT feedback_id, family, label, sign, count(*) = any_value(n_lines) AS is_whole
    FROM heard
    JOIN judged USING (feedback_id, text)
    JOIN text_lines USING (feedback_id)
    GROUP BY ALL
),
drawn_whole AS (
    SELECT family, label, sign, avg(is_whole::INTEGER) >= $least_whole AS is_drawn_whole
    FROM judged_texts
    GROUP BY ALL
),
labelled AS (
    SELECT period, starts_on, person_key, family, label, sign
    FROM texts
    JOIN judged_texts USING (feedback_id)
    JOIN written USING (period, starts_on, person_key)
    GROUP BY ALL
    HAVING count(*) FILTER (is_whole) = any_value(n_texts)
),
found AS (
    SELECT DISTINCT period, starts_on, person_key, family, label, sign FROM sayings JOIN truths USING (mention_id)
),
known AS (
    SELECT
        period, starts_on, family, label, sign,
        count(*) FILTER (said.person_key IS NOT NULL AND found.person_key IS NOT NULL) AS true_positives,
        count(*) FILTER (said.person_key IS NOT NULL AND found.person_key IS NULL) AS false_positives,
        count(*) FILTER (said.person_key IS NULL AND found.person_key IS NOT NULL) AS false_negatives,
        count(*) FILTER (said.person_key IS NULL AND found.person_key IS NULL) AS true_negatives
    FROM labelled
    LEFT JOIN said USING (period, starts_on, person_key, family, label, sign)
    LEFT JOIN found USING (period, starts_on, person_key, family, label, sign)
    GROUP BY ALL
)
SELECT
    period,
    starts_on,
    family,
    label,
    nullif(sign, '') AS polarity,
    n_feedback,
    n_customers_all,
    texts_each,
    coalesce(n_customers_reporting, 0) AS n_customers_reporting,
    strangers.period IS NULL AS is_measured,
    coalesce(is_drawn_whole, false) AS is_drawn_whole,
    coalesce(true_positives, 0) AS true_positives,
    coalesce(false_positives, 0) AS false_positives,
    coalesce(false_negatives, 0) AS false_negatives,
    coalesce(true_negatives, 0) AS true_negatives
FROM writers
CROSS JOIN labels
LEFT JOIN strangers USING (period, starts_on)
LEFT JOIN reporting USING (period, starts_on, family, label, sign)
LEFT JOIN known USING (period, starts_on, family, label, sign)
LEFT JOIN drawn_whole USING (family, label, sign)
ORDER BY period, starts_on, family, label, sign
