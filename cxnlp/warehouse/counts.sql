-- Counting by period and place, stated once; views and analysts use it. Shares and their intervals: shares.sql.
--
-- Different people do not add up over days or places: who writes on Monday and on Friday is one person of that week. Each
-- counted row knows in which groupings it is the first of its person (first_in); the rows that are, are as many as the
-- people. One bit stands for a period and a choice of columns, so a grouping is asked for by its names.

CREATE OR REPLACE MACRO bit_of(period, across) AS
    CAST(CAST(1 AS UBIGINT) << (
        CASE period WHEN 'day' THEN 0 WHEN 'week' THEN 16 WHEN 'month' THEN 32 WHEN 'all' THEN 48
            ELSE error(concat('period: found ', period, '; allowed: day, week, month or all.')) END
        + CASE WHEN NOT regexp_full_match(across, '((channel|product|location|segment)(, *|$))*')
            THEN error(concat('across: found ', across, '; allowed: channel, product, location and segment, or nothing.'))
            ELSE 0 END
        + CASE WHEN contains(across, 'channel') THEN 1 ELSE 0 END
        + CASE WHEN contains(across, 'product') THEN 2 ELSE 0 END
        + CASE WHEN contains(across, 'location') THEN 4 ELSE 0 END
        + CASE WHEN contains(across, 'segment') THEN 8 ELSE 0 END
    ) AS UBIGINT);
CREATE OR REPLACE MACRO start_of(period, day, week, month) AS
    CASE period WHEN 'day' THEN day WHEN 'week' THEN week WHEN 'month' THEN month END;
CREATE OR REPLACE MACRO if_asked(across, name, value) AS CASE WHEN contains(across, name) THEN value END;

COMMENT ON MACRO bit_of IS 'The bit of first_in for a period (day, week, month, all) and columns such as ''channel, product''.';
COMMENT ON MACRO start_of IS 'Of the three, the one that the period (day, week, month, all) starts on; null for all.';
COMMENT ON MACRO if_asked IS 'The value of a column that is asked for, else null.';

-- What each period and place heard in all: the denominators. A period in which another model than the measured one had
-- its say is not corrected.

CREATE OR REPLACE MACRO heard_by(period, across) AS TABLE
WITH
strange AS (
    SELECT model_versions
    FROM (SELECT DISTINCT coalesce(model_versions, '?') AS model_versions FROM counted_feedback)
    WHERE NOT coalesce(list_has_all(
        (SELECT string_split(any_value(label_errors.model_versions), ', ') FROM label_errors),
        string_split(model_versions, ', ')
    ), false)
)
SELECT
    start_of(period, occurred_on, week, month) AS starts_on,
    if_asked(across, 'channel', channel) AS channel,
    if_asked(across, 'product', product) AS product,
    if_asked(across, 'location', location) AS location,
    if_asked(across, 'segment', segment) AS segment,
    count(*) AS n_feedback,
    count(*) FILTER (first_in & bit_of(period, across) <> 0) AS n_customers,
    bool_and(coalesce(model_versions, '?') NOT IN (FROM strange)) AS is_measured
FROM counted_feedback
WHERE n_mentions > 0
GROUP BY ALL;

COMMENT ON MACRO TABLE heard_by IS 'Feedback with a customer''s words, by period (day, week, month, all) and columns such as ''channel, product'': what shares are shares of.';

-- What was said, by the same: one row per cell and label that was said in it. counts_by adds the shares.

CREATE OR REPLACE MACRO said_by(of_family, period, across) AS TABLE
SELECT
    start_of(period, occurred_on, week, month) AS starts_on,
    if_asked(across, 'channel', channel) AS channel,
    if_asked(across, 'product', product) AS product,
    if_asked(across, 'location', location) AS location,
    if_asked(across, 'segment', segment) AS segment,
    family,
    label,
    polarity,
    count(*) FILTER (is_reported) AS n_feedback_reporting,
    count(*) FILTER (first_in & bit_of(period, across) <> 0) AS n_customers,
    CAST(sum(n_mentions) AS BIGINT) AS n_mentions,
    CAST(sum(n_positive) AS BIGINT) AS n_positive,
    CAST(sum(n_negative) AS BIGINT) AS n_negative,
    CAST(sum(n_strong_negative) AS BIGINT) AS n_strong_negative,
    min(occurred_on) AS first_on,
    max(occurred_on) AS last_on
FROM counted_labels
WHERE speaker = 'customer' AND CASE of_family
    WHEN 'all' THEN family IN ('moment', 'unmeasurable', 'warning', 'signal')
    WHEN 'soft' THEN family IN ('unmeasurable', 'quality')
    ELSE family = of_family
END
GROUP BY ALL;

CREATE OR REPLACE MACRO counts_by(of_family, period, across) AS TABLE
SELECT
    said.starts_on,
    said.channel,
    said.product,
    said.location,
    said.segment,
    said.family,
    said.label,
    said.polarity,
    taxonomy.name,
    n_feedback,
    n_feedback_reporting,
    n_feedback_reporting / n_feedback AS raw_share,
    corrected_share(n_feedback_reporting, n_feedback, sensitivity, specificity) AS corrected_share,
    corrected_share_low(
        n_feedback_reporting, n_feedback, sensitivity, sensitivity_variance, specificity, specificity_variance
    ) AS corrected_share_low,
    corrected_share_high(
        n_feedback_reporting, n_feedback, sensitivity, sensitivity_variance, specificity, specificity_variance
    ) AS corrected_share_high,
    CASE WHEN sensitivity IS NULL THEN 'raw' ELSE 'adjusted count' END AS method,
    heard.n_customers AS n_customers_all,
    said.n_customers,
    n_mentions,
    n_positive,
    n_negative,
    n_strong_negative,
    (n_positive - n_negative) / nullif(n_mentions, 0) AS net_sentiment,
    net_low(n_positive, n_negative, n_mentions) AS net_sentiment_low,
    net_high(n_positive, n_negative, n_mentions) AS net_sentiment_high,
    n_negative / nullif(n_mentions, 0) AS negative_share,
    wilson_low(n_negative, n_mentions) AS negative_share_low,
    wilson_high(n_negative, n_mentions) AS negative_share_high,
    first_on,
    last_on
FROM said_by(of_family, period, across) AS said
JOIN heard_by(period, across) AS heard
    ON heard.starts_on IS NOT DISTINCT FROM said.starts_on
    AND heard.channel IS NOT DISTINCT FROM said.channel
    AND heard.product IS NOT DISTINCT FROM said.product
    AND heard.location IS NOT DISTINCT FROM said.location
    AND heard.segment IS NOT DISTINCT FROM said.segment
LEFT JOIN label_errors
    ON label_errors.family = CASE WHEN heard.is_measured THEN said.family END
    AND label_errors.label = said.label
    AND label_errors.polarity IS NOT DISTINCT FROM said.polarity
LEFT JOIN taxonomy ON taxonomy.family = said.family AND taxonomy.id = said.label;

COMMENT ON MACRO TABLE said_by IS 'Of counts_by: the numbers without their shares; family may be stage, quality (unmeasurables, shown or missing) or soft, too.';
COMMENT ON MACRO TABLE counts_by IS 'What customers said, by family (moment, unmeasurable, warning, signal, or all), period (day, week, month, all) and columns such as ''channel, product''.';

-- The eight unmeasurables, shown, missing or neither: shares.sql.

CREATE OR REPLACE MACRO unmeasurables_by(period, across) AS TABLE
WITH
counts AS (
    SELECT
        starts_on, channel, product, location, segment, label AS unmeasurable,
        coalesce(any_value(n_feedback_reporting) FILTER (polarity = '+'), 0) AS n_feedback_shown,
        coalesce(any_value(n_feedback_reporting) FILTER (polarity = '-'), 0) AS n_feedback_missing,
        any_value(n_feedback_reporting) FILTER (polarity IS NULL) AS n_feedback_either,
        coalesce(any_value(n_mentions) FILTER (polarity = '+'), 0) AS n_shown,
        coalesce(any_value(n_mentions) FILTER (polarity = '-'), 0) AS n_missing,
        any_value(n_customers) FILTER (polarity IS NULL) AS n_customers
    FROM said_by('soft', period, across)
    GROUP BY ALL
),
shares AS (
    SELECT
        counts.*,
        heard.n_feedback,
        corrected(n_feedback_shown, n_feedback, when_shown) AS shown,
        corrected(n_feedback_missing, n_feedback, when_missing) AS missing
    FROM counts
    JOIN heard_by(period, across) AS heard
        ON heard.starts_on IS NOT DISTINCT FROM counts.starts_on
        AND heard.channel IS NOT DISTINCT FROM counts.channel
        AND heard.product IS NOT DISTINCT FROM counts.product
        AND heard.location IS NOT DISTINCT FROM counts.location
        AND heard.segment IS NOT DISTINCT FROM counts.segment
    LEFT JOIN unmeasurable_errors() AS errors ON errors.unmeasurable = CASE WHEN heard.is_measured THEN counts.unmeasurable END
)
SELECT
    starts_on,
    channel,
    product,
    location,
    segment,
    unmeasurable,
    n_feedback,
    n_feedback_shown,
    n_feedback_missing,
    n_feedback - n_feedback_either AS n_feedback_neither,
    unnest(shares_of(shown, missing, (n_feedback_shown + n_feedback_missing - n_feedback_either) / n_feedback)),
    n_customers,
    n_shown,
    n_missing,
    (n_shown - n_missing) / nullif(n_shown + n_missing, 0) AS balance,
    2 * wilson_low(n_shown, n_shown + n_missing) - 1 AS balance_low,
    2 * wilson_high(n_shown, n_shown + n_missing) - 1 AS balance_high
FROM shares;

-- The same of employees, or of teams (role and place): of the feedback about them, not of all. Only of those whom at least
-- privacy.least_group different people speak of.

CREATE OR REPLACE MACRO unmeasurables_about(whom) AS TABLE
WITH
about AS (
    SELECT
        CASE whom WHEN 'employee' THEN employee_key WHEN 'team' THEN NULL
            ELSE error(concat('whom: found ', whom, '; allowed: employee or team.')) END AS employee_key,
        CASE whom WHEN 'team' THEN role END AS team,
        CASE whom WHEN 'team' THEN location END AS location,
        role, feedback_id, person_key, unmeasurable, is_shown, is_missing
    FROM counted_employees
),
spoken AS (
    SELECT
        employee_key, team, location,
        any_value(role ORDER BY role) AS role,
        count(DISTINCT feedback_id) AS n_feedback,
        count(DISTINCT person_key) AS n_customers
    FROM about
    WHERE unmeasurable IS NULL
    GROUP BY employee_key, team, location
    HAVING count(DISTINCT person_key) >= coalesce((SELECT max(least_group) FROM sharing), 5)
),
said AS (
    SELECT
        employee_key, team, location, unmeasurable,
        count(DISTINCT feedback_id) FILTER (is_shown) AS n_feedback_shown,
        count(DISTINCT feedback_id) FILTER (is_missing) AS n_feedback_missing,
        count(DISTINCT feedback_id) FILTER (is_shown OR is_missing) AS n_feedback_either
    FROM about
    WHERE unmeasurable IS NOT NULL
    GROUP BY employee_key, team, location, unmeasurable
),
counts AS (
    SELECT
        spoken.*,
        taxonomy.id AS unmeasurable,
        coalesce(n_feedback_shown, 0) AS n_feedback_shown,
        coalesce(n_feedback_missing, 0) AS n_feedback_missing,
        coalesce(n_feedback_either, 0) AS n_feedback_either
    FROM spoken
    JOIN taxonomy ON taxonomy.family = 'unmeasurable' AND taxonomy.retired IS NULL
    LEFT JOIN said
        ON said.employee_key IS NOT DISTINCT FROM spoken.employee_key
        AND said.team IS NOT DISTINCT FROM spoken.team
        AND said.location IS NOT DISTINCT FROM spoken.location
        AND said.unmeasurable = taxonomy.id
),
shares AS (
    SELECT
        counts.*,
        corrected(n_feedback_shown, counts.n_feedback, when_shown) AS shown,
        corrected(n_feedback_missing, counts.n_feedback, when_missing) AS missing
    FROM counts
    CROSS JOIN heard_by('all', '') AS heard
    LEFT JOIN unmeasurable_errors() AS errors ON errors.unmeasurable = CASE WHEN heard.is_measured THEN counts.unmeasurable END
)
SELECT
    employee_key,
    role,
    location,
    unmeasurable,
    n_feedback,
    n_feedback_shown,
    n_feedback_missing,
    n_feedback - n_feedback_either AS n_feedback_neither,
    unnest(shares_of(shown, missing, (n_feedback_shown + n_feedback_missing - n_feedback_either) / n_feedback)),
    n_customers
FROM shares;

COMMENT ON MACRO TABLE unmeasurables_by IS 'Each unmeasurable shown, missing and without opportunity, by period (day, week, month, all) and columns such as ''location, segment''.';
COMMENT ON MACRO TABLE unmeasurables_about IS 'Each unmeasurable shown, missing and without opportunity in feedback about each employee (''employee'') or team (''team'').';
