-- Question: what do enough customers report to be worked on, how big, how bad and which way does it go?
-- Grain: one row per item (kind, label, polarity, theme). Formulas: docs/backlog.md; what it is worth: crowns.sql;
-- priority: priority.py.
-- Reader: cxnlp/backlog/items.py. Bound: $night, $last_on, $least_customers. Reads the temporary table `heard`.
WITH
everyone AS (
    SELECT
        count(DISTINCT person_key) FILTER (is_in_period) AS n_customers,
        count(DISTINCT feedback_id) FILTER (is_late) AS n_feedback_late,
        count(DISTINCT feedback_id) FILTER (is_early) AS n_feedback_early,
        count(DISTINCT feedback_id) FILTER (occurred_on > $last_on::DATE - 14) AS n_feedback_recent
    FROM heard
),
alarms AS (  -- mentions that say "I leave" or carry a danger
    SELECT DISTINCT mention_id
    FROM heard
    WHERE is_settled AND family = 'signal' AND label IN ('churn', 'crisis')
),
causes AS (
    SELECT DISTINCT heard.mention_id, taxonomy.name
    FROM heard
    JOIN taxonomy ON taxonomy.family = heard.family AND taxonomy.id = heard.label
    WHERE heard.is_settled AND heard.family = 'warning'
),
caused AS (
    SELECT heard.item_id, causes.name, count(DISTINCT heard.mention_id) AS n
    FROM heard
    JOIN causes USING (mention_id)
    WHERE heard.is_in_period AND heard.item_id IS NOT NULL AND heard.family <> 'warning'
    GROUP BY ALL
),
warned AS (
    SELECT item_id, string_agg(name, ', ' ORDER BY n DESC, name) AS warnings
    FROM (
        FROM caused
        WHERE n >= 2
        QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY n DESC, name) <= 2
    )
    GROUP BY item_id
),
softness AS (
    SELECT DISTINCT heard.mention_id, taxonomy.name
    FROM heard
    JOIN taxonomy ON taxonomy.family = heard.family AND taxonomy.id = heard.label
    WHERE heard.is_settled AND heard.family = 'unmeasurable' AND heard.polarity = '-'
),
softened AS (
    SELECT heard.item_id, softness.name, count(DISTINCT heard.mention_id) AS n
    FROM heard
    JOIN softness USING (mention_id)
    WHERE heard.is_in_period AND heard.item_id IS NOT NULL AND heard.family <> 'unmeasurable'
    GROUP BY ALL
),
missed AS (
    SELECT item_id, string_agg(name, ', ' ORDER BY n DESC, name) AS missing
    FROM (
        FROM softened
        WHERE n >= 2
        QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY n DESC, name) <= 3
    )
    GROUP BY item_id
),
felt AS (  -- how the moment or its theme (or the item) feels as a whole, good mentions too
    SELECT
        family, label, theme_id, CASE WHEN family = 'moment' THEN '-' ELSE coalesce(polarity, '') END AS side,
        count(*) AS n,
        count(*) FILTER (sentiment > 0) AS n_positive,
        count(*) FILTER (sentiment < 0) AS n_negative
    FROM heard
    WHERE is_settled AND is_in_period
    GROUP BY ALL
),
balance AS (
    SELECT
        family, label, theme_id, side,
        (n_positive - n_negative) / n AS net_sentiment,
        net_low(n_positive, n_negative, n) AS net_sentiment_low,
        net_high(n_positive, n_negative, n) AS net_sentiment_high
    FROM felt
),
counted AS (
    SELECT
        item_id, family, label, side, theme_id,
        min(occurred_on) FILTER (is_in_period) AS first_feedback_on,
        max(occurred_on) FILTER (is_in_period) AS last_feedback_on,
        min(occurred_on) AS first_heard_on,
        count(DISTINCT mention_id) FILTER (is_in_period) AS n_mentions,
        count(DISTINCT person_key) FILTER (is_in_period) AS n_customers,
        count(DISTINCT mention_id) FILTER (occurred_on > $last_on::DATE - 14) AS n_mentions_recent,
        count(DISTINCT feedback_id) FILTER (is_late) AS n_late,
        count(DISTINCT feedback_id) FILTER (is_early) AS n_early,
        count(DISTINCT feedback_id) FILTER (occurred_on > $last_on::DATE - 14) AS n_recent,
        avg(greatest(-sentiment, 0) / 2.0) FILTER (is_in_period) AS strength,
        avg((mention_id IN (FROM alarms))::INTEGER) FILTER (is_in_period) AS alarm_share,
        bool_or(is_credible(mention_id, voter, probability)) FILTER (is_in_period) AS is_credible
    FROM heard
    WHERE item_id IS NOT NULL
    GROUP BY ALL
),
moved AS (
    SELECT
        counted.*,
        everyone.n_customers AS n_customers_all,
        n_late / nullif(n_feedback_late, 0) AS late_share,
        n_early / nullif(n_feedback_early, 0) AS early_share,
        n_recent / nullif(n_feedback_recent, 0) AS recent_share,
        (n_late + n_early) / nullif(n_feedback_late + n_feedback_early, 0) AS both_share,
        1 / nullif(n_feedback_late, 0) + 1 / nullif(n_feedback_early, 0) AS spread,
        first_heard_on > $last_on::DATE - 28 AND n_feedback_early > 0 AS is_new
    FROM counted, everyone
),
judged AS (
    SELECT
        *,
        late_share / nullif(early_share, 0) - 1 AS trend,
        (late_share - early_share) / nullif(sqrt(both_share * (1 - both_share) * spread), 0) AS z,
        least(1, 0.7 * coalesce(strength, 0) + 0.3 * least(1, 4 * alarm_share)) AS severity
    FROM moved
),
named AS (
    SELECT theme_id, name AS theme, is_named AS is_theme_named FROM themes
),
worded AS (
    SELECT
        *,
        CASE
            WHEN is_new THEN 'new'
            WHEN z >= 1.28 AND recent_share >= both_share THEN 'rising'
            WHEN z <= -1.28 THEN 'falling'
            ELSE 'steady'
        END AS trend_word
    FROM judged
)
SELECT
    item_id,
    worded.family AS kind,
    worded.label,
    nullif(worded.side, '') AS polarity,
    taxonomy.stage,
    taxonomy.name,
    coalesce(taxonomy.worse, taxonomy.name) AS worse,
    worded.theme_id,
    theme,
    coalesce(is_theme_named, false) AS is_theme_named,
    first_feedback_on,
    last_feedback_on,
    date_diff('day', first_feedback_on, $night::DATE)::INTEGER AS days_to_item,
    n_mentions,
    n_customers,
    n_mentions_recent,
    trend,
    trend_word,
    severity,
    sqrt(n_customers / n_customers_all) AS reach,
    CASE trend_word WHEN 'rising' THEN 1.0 WHEN 'new' THEN 0.75 WHEN 'steady' THEN 0.5 ELSE 0.0 END::DOUBLE AS direction,
    n_customers_all,
    balance.net_sentiment,
    balance.net_sentiment_low,
    balance.net_sentiment_high,
    warned.warnings,
    missed.missing,
    taxonomy.owner
FROM worded
JOIN taxonomy ON taxonomy.family = worded.family AND taxonomy.id = worded.label
LEFT JOIN warned USING (item_id)
LEFT JOIN missed USING (item_id)
LEFT JOIN balance ON balance.family = worded.family AND balance.label = worded.label AND balance.side = worded.side
    AND balance.theme_id IS NOT DISTINCT FROM worded.theme_id
LEFT JOIN named ON named.theme_id = worded.theme_id
WHERE n_customers >= CASE WHEN worded.label = 'crisis' AND is_credible THEN 1 ELSE $least_customers::INTEGER END
ORDER BY item_id
