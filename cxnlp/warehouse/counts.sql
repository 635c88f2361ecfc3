-- Counting by period and place, and the correction for the model's errors, each stated once; views and analysts use them.
--
-- A share corrected for errors that were measured elsewhere (Rogan & Gladen 1978): of n pieces of feedback the model says
-- yes to k; it finds s (sensitivity) of those that are of the label and is silent about c (specificity) of those that are not:
--     (k/n + c - 1) / (s + c - 1)
-- s and c are means of their Jeffreys posteriors, as cxnlp/quality/counts.py has it; v and w are the variances of these. The
-- interval is that of Lang & Reiczigel (2014, "Confidence limits for prevalence of disease adjusted for estimated sensitivity
-- and specificity"), with these means and variances in place of theirs: with p' = (k + z²/2)/(n + z²) and
-- q = (p' + c - 1)/(s + c - 1),
--     q + 2z²·(q·v - (1 - q)·w)  ±  z·√(p'(1 - p')/(n + z²) + q²·v + (1 - q)²·w) / (s + c - 1)
-- cut to 0 … 1, and never leaving the estimate out. Where no errors are known (s is null) it is Wilson's of k/n; where the
-- errors leave open whether the model tells anything (s + c <= 1) it is all of 0 … 1.

CREATE OR REPLACE MACRO corrected_share(k, n, s, c) AS
    CASE WHEN n > 0 THEN CASE WHEN s + c > 1 THEN least(1, greatest(0, (k / n + c - 1) / (s + c - 1))) ELSE k / n END END;
CREATE OR REPLACE MACRO lang_reiczigel(p, n, q, v, w, informative, side) AS
    q + 7.682917641250786e0 * (q * v - (1 - q) * w)
        + side * 1.959963984540054e0 * sqrt(p * (1 - p) / n + q ** 2 * v + (1 - q) ** 2 * w) / informative;
CREATE OR REPLACE MACRO corrected_end(p, n, s, v, c, w, side) AS
    lang_reiczigel(p, n, (p + c - 1) / (s + c - 1), v, w, s + c - 1, side);
CREATE OR REPLACE MACRO corrected_share_low(k, n, s, v, c, w) AS
    CASE
        WHEN s + c > 1 AND n > 0 THEN greatest(0, least(corrected_share(k, n, s, c), corrected_end(
            (k + 1.9207294103470627e0) / (n + 3.8414588206941254e0), n + 3.8414588206941254e0, s, v, c, w, -1
        )))
        WHEN s IS NULL THEN wilson_low(k, n)
        WHEN n > 0 THEN 0
    END;
CREATE OR REPLACE MACRO corrected_share_high(k, n, s, v, c, w) AS
    CASE
        WHEN s + c > 1 AND n > 0 THEN least(1, greatest(corrected_share(k, n, s, c), corrected_end(
            (k + 1.9207294103470627e0) / (n + 3.8414588206941254e0), n + 3.8414588206941254e0, s, v, c, w, 1
        )))
        WHEN s IS NULL THEN wilson_high(k, n)
        WHEN n > 0 THEN 1
    END;

COMMENT ON MACRO corrected_share IS 'The share k/n corrected for a model of sensitivity s and specificity c; as it is where they are null.';
COMMENT ON MACRO lang_reiczigel IS 'Of corrected_end, with the estimate q worked out.';
COMMENT ON MACRO corrected_end IS 'Lower (side -1) or upper (1) end of the 95 % interval of a corrected share, not yet cut.';
COMMENT ON MACRO corrected_share_low IS 'Lower end of its 95 % interval; v and w are the variances of s and c.';
COMMENT ON MACRO corrected_share_high IS 'Upper end of its 95 % interval.';

-- Different people do not add up over days or places: who writes on Monday and on Friday is one person of that week. Each
-- counted row knows in which groupings it is the first of its person (first_in); the rows that are, are as many as the
-- people. One bit stands for a period and a choice of columns, so a grouping is asked for by its names.

CREATE OR REPLACE MACRO bit_of(period, across) AS
    CAST(1 AS UBIGINT) << (
        CASE period WHEN 'day' THEN 0 WHEN 'week' THEN 16 WHEN 'month' THEN 32 WHEN 'all' THEN 48
            ELSE error(concat('period: found ', period, '; allowed: day, week, month or all.')) END
        + CASE WHEN NOT regexp_full_match(across, '((channel|product|location|segment)(, *|$))*')
            THEN error(concat('across: found ', across, '; allowed: channel, product, location and segment, or nothing.'))
            ELSE 0 END
        + CASE WHEN contains(across, 'channel') THEN 1 ELSE 0 END
        + CASE WHEN contains(across, 'product') THEN 2 ELSE 0 END
        + CASE WHEN contains(across, 'location') THEN 4 ELSE 0 END
        + CASE WHEN contains(across, 'segment') THEN 8 ELSE 0 END
    );
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
    SELECT DISTINCT coalesce(model_versions, '?') AS model_versions
    FROM counted_feedback
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
    ON heard.is_measured
    AND label_errors.family = said.family
    AND label_errors.label = said.label
    AND label_errors.polarity IS NOT DISTINCT FROM said.polarity
LEFT JOIN taxonomy ON taxonomy.family = said.family AND taxonomy.id = said.label;

COMMENT ON MACRO TABLE said_by IS 'Of counts_by: the numbers without their shares; family may be stage, quality (unmeasurables, shown or missing) or soft, too.';
COMMENT ON MACRO TABLE counts_by IS 'What customers said, by family (moment, unmeasurable, warning, signal, or all), period (day, week, month, all) and columns such as ''channel, product''.';

-- The eight unmeasurables: of all feedback of a cell, in how much was the quality shown, in how much was it missing, and in
-- how much was there no opportunity (neither)? With s and m the corrected shares and b the share that says both,
--     no opportunity = 1 - s - m + b
-- and its interval adds the two one-sided errors of s and m in squares (Zou & Donner 2008), which takes them as
-- independent.

CREATE OR REPLACE MACRO no_opportunity(shown, missing, both_ways) AS
    CASE WHEN 1 - shown - missing + both_ways IS NOT NULL THEN least(1, greatest(0, 1 - shown - missing + both_ways)) END;
CREATE OR REPLACE MACRO no_opportunity_low(shown, shown_high, missing, missing_high, both_ways) AS
    CASE WHEN shown_high + missing_high IS NOT NULL THEN greatest(0, no_opportunity(shown, missing, both_ways)
        - sqrt((shown_high - shown) ** 2 + (missing_high - missing) ** 2)) END;
CREATE OR REPLACE MACRO no_opportunity_high(shown, shown_low, missing, missing_low, both_ways) AS
    CASE WHEN shown_low + missing_low IS NOT NULL THEN least(1, no_opportunity(shown, missing, both_ways)
        + sqrt((shown - shown_low) ** 2 + (missing - missing_low) ** 2)) END;

COMMENT ON MACRO no_opportunity IS 'Share that says neither, from the shares shown, missing and both.';
COMMENT ON MACRO no_opportunity_low IS 'Lower end of its 95 % interval, from the upper ends of the two shares.';
COMMENT ON MACRO no_opportunity_high IS 'Upper end of its 95 % interval, from the lower ends of the two shares.';

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
        heard.n_feedback - n_feedback_either AS n_feedback_neither,
        (n_feedback_shown + n_feedback_missing - n_feedback_either) / heard.n_feedback AS both_ways,
        plus.label IS NOT NULL AND minus.label IS NOT NULL AS is_corrected,
        corrected_share(n_feedback_shown, heard.n_feedback, plus.sensitivity, plus.specificity) AS shown,
        corrected_share_low(
            n_feedback_shown, heard.n_feedback, plus.sensitivity, plus.sensitivity_variance, plus.specificity, plus.specificity_variance
        ) AS shown_low,
        corrected_share_high(
            n_feedback_shown, heard.n_feedback, plus.sensitivity, plus.sensitivity_variance, plus.specificity, plus.specificity_variance
        ) AS shown_high,
        corrected_share(n_feedback_missing, heard.n_feedback, minus.sensitivity, minus.specificity) AS missing,
        corrected_share_low(
            n_feedback_missing, heard.n_feedback,
            minus.sensitivity, minus.sensitivity_variance, minus.specificity, minus.specificity_variance
        ) AS missing_low,
        corrected_share_high(
            n_feedback_missing, heard.n_feedback,
            minus.sensitivity, minus.sensitivity_variance, minus.specificity, minus.specificity_variance
        ) AS missing_high
    FROM counts
    JOIN heard_by(period, across) AS heard
        ON heard.starts_on IS NOT DISTINCT FROM counts.starts_on
        AND heard.channel IS NOT DISTINCT FROM counts.channel
        AND heard.product IS NOT DISTINCT FROM counts.product
        AND heard.location IS NOT DISTINCT FROM counts.location
        AND heard.segment IS NOT DISTINCT FROM counts.segment
    LEFT JOIN label_errors AS plus
        ON heard.is_measured
        AND plus.family = 'unmeasurable'
        AND plus.label = counts.unmeasurable
        AND plus.polarity = '+'
    LEFT JOIN label_errors AS minus
        ON heard.is_measured
        AND minus.family = 'unmeasurable'
        AND minus.label = counts.unmeasurable
        AND minus.polarity = '-'
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
    n_feedback_neither,
    shown AS corrected_shown_share,
    shown_low AS corrected_shown_share_low,
    shown_high AS corrected_shown_share_high,
    missing AS corrected_missing_share,
    missing_low AS corrected_missing_share_low,
    missing_high AS corrected_missing_share_high,
    no_opportunity(shown, missing, both_ways) AS corrected_no_opportunity_share,
    no_opportunity_low(shown, shown_high, missing, missing_high, both_ways) AS corrected_no_opportunity_share_low,
    no_opportunity_high(shown, shown_low, missing, missing_low, both_ways) AS corrected_no_opportunity_share_high,
    CASE WHEN is_corrected THEN 'adjusted count' ELSE 'raw' END AS method,
    n_customers,
    n_shown,
    n_missing,
    (n_shown - n_missing) / nullif(n_shown + n_missing, 0) AS balance,
    2 * wilson_low(n_shown, n_shown + n_missing) - 1 AS balance_low,
    2 * wilson_high(n_shown, n_shown + n_missing) - 1 AS balance_high
FROM shares;

COMMENT ON MACRO TABLE unmeasurables_by IS 'Each unmeasurable shown, missing and without opportunity, by period (day, week, month, all) and columns such as ''location, segment''.';

-- Normal distribution (Abramowitz & Stegun 26.2.17; off by less than 1e-7), for counts too large to add up.

CREATE OR REPLACE MACRO normal_tail(z, t) AS
    exp(-z * z / 2) * 0.3989422804014327e0
        * t * (0.319381530e0 + t * (-0.356563782e0 + t * (1.781477937e0 + t * (-1.821255978e0 + t * 1.330274429e0))));
CREATE OR REPLACE MACRO normal_below(z) AS
    CASE WHEN z < 0 THEN normal_tail(-z, 1 / (1 - 0.2316419e0 * z)) ELSE 1 - normal_tail(z, 1 / (1 + 0.2316419e0 * z)) END;

COMMENT ON MACRO normal_tail IS 'Of normal_below.';
COMMENT ON MACRO normal_below IS 'Probability that a standard normal value is below z.';
