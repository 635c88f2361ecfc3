-- Question: what are an item's corrected counts, its share of net sentiment, its leaving customers and its contacts
--           reckoned from?
-- Grain: one row per item. Reader: cxnlp/backlog/crowns.py. Bound: $first_on, $last_on. Reads the temporary table `heard`.
-- What model and rules say of a label (is_reported) is corrected, as in rates.sql; an item is a part of its label.
WITH
written AS (
    SELECT person_key, count(*) AS n_texts
    FROM counted_feedback
    WHERE n_mentions > 0 AND occurred_on BETWEEN $first_on::DATE AND $last_on::DATE
    GROUP BY person_key
),
writers AS (
    SELECT count(*) AS n_customers_all, map_entries(histogram(n_texts)) AS texts_each FROM written
),
pieces AS (
    SELECT
        count(*) FILTER (channel IN ('letter', 'call')) AS n_contacts_all,
        date_diff('day', min(occurred_on), $last_on::DATE) + 1 AS n_days,
        coalesce(bool_and(list_has_all(
            (SELECT string_split(any_value(label_errors.model_versions), ', ') FROM label_errors),
            string_split(model_versions, ', ')
        )), false) AS is_measured
    FROM counted_feedback
    WHERE n_mentions > 0 AND occurred_on BETWEEN $first_on::DATE AND $last_on::DATE
),
reported AS (
    SELECT
        family, label, polarity,
        count(DISTINCT person_key) AS n_customers_reporting,
        count(*) FILTER (channel IN ('letter', 'call')) AS n_contacts_reporting
    FROM counted_labels
    WHERE speaker = 'customer' AND is_reported AND occurred_on BETWEEN $first_on::DATE AND $last_on::DATE
    GROUP BY ALL
),
felt AS (
    SELECT mention_id, any_value(sentiment) AS sentiment FROM heard WHERE is_in_period GROUP BY mention_id
),
overall AS (
    SELECT count(*) AS n, count(*) FILTER (sentiment > 0) AS p, count(*) FILTER (sentiment < 0) AS q FROM felt
),
labels AS (
    SELECT
        family, label, polarity,
        count(DISTINCT person_key) AS n_customers,
        count(DISTINCT feedback_id) FILTER (channel IN ('letter', 'call')) AS n_contacts,
        count(DISTINCT mention_id) AS n,
        count(DISTINCT mention_id) FILTER (sentiment > 0) AS p,
        count(DISTINCT mention_id) FILTER (sentiment < 0) AS q
    FROM heard
    WHERE is_settled AND is_in_period
    GROUP BY ALL
),
leaving AS (
    SELECT DISTINCT feedback_id FROM heard WHERE is_settled AND family = 'signal' AND label = 'churn'
),
items AS (
    SELECT
        item_id, family, label, polarity,
        count(DISTINCT person_key) AS n_customers,
        count(DISTINCT feedback_id) AS n_feedback,
        count(DISTINCT feedback_id) FILTER (channel IN ('letter', 'call')) AS n_contacts,
        count(DISTINCT feedback_id) FILTER (feedback_id IN (FROM leaving)) AS n_feedback_leaving,
        count(DISTINCT mention_id) AS n,
        count(DISTINCT mention_id) FILTER (sentiment > 0) AS p,
        count(DISTINCT mention_id) FILTER (sentiment < 0) AS q
    FROM heard
    WHERE item_id IS NOT NULL AND is_in_period
    GROUP BY ALL
),
measured AS (
    SELECT label_errors.* FROM label_errors JOIN pieces ON is_measured
)
SELECT
    items.item_id,
    items.n_customers,
    items.n_feedback,
    items.n_contacts,
    items.n_feedback_leaving,
    labels.n_customers AS n_customers_label,
    labels.n_contacts AS n_contacts_label,
    coalesce(n_customers_reporting, 0) AS n_customers_reporting,
    coalesce(n_contacts_reporting, 0) AS n_contacts_reporting,
    n_customers_all,
    n_contacts_all,
    texts_each,
    n_days,
    items.n / overall.n AS mention_share,
    (items.p - items.q) / items.n AS net,
    net_low(items.p, items.q, items.n) AS net_low,
    net_high(items.p, items.q, items.n) AS net_high,
    (overall.p - items.p - overall.q + items.q) / nullif(overall.n - items.n, 0) AS net_others,
    net_low(overall.p - items.p, overall.q - items.q, overall.n - items.n) AS net_others_low,
    net_high(overall.p - items.p, overall.q - items.q, overall.n - items.n) AS net_others_high,
    CASE WHEN items.family = 'moment' THEN items.n / labels.n END AS moment_share,
    (labels.p - items.p - labels.q + items.q) / nullif(labels.n - items.n, 0) AS net_moment,
    net_low(labels.p - items.p, labels.q - items.q, labels.n - items.n) AS net_moment_low,
    net_high(labels.p - items.p, labels.q - items.q, labels.n - items.n) AS net_moment_high,
    [errors.true_positives, errors.false_positives, errors.false_negatives, errors.true_negatives] AS errors,
    [churn.true_positives, churn.false_positives, churn.false_negatives, churn.true_negatives] AS churn_errors
FROM items
CROSS JOIN writers
CROSS JOIN pieces
CROSS JOIN overall
JOIN labels ON labels.family = items.family AND labels.label = items.label
    AND labels.polarity IS NOT DISTINCT FROM items.polarity
LEFT JOIN reported ON reported.family = items.family AND reported.label = items.label
    AND reported.polarity IS NOT DISTINCT FROM items.polarity
LEFT JOIN measured AS errors ON errors.family = items.family AND errors.label = items.label
    AND errors.polarity IS NOT DISTINCT FROM items.polarity
LEFT JOIN measured AS churn ON churn.family = 'signal' AND churn.label = 'churn'
ORDER BY items.item_id
