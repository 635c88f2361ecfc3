-- Counting by period and place, and the correction for the model's errors, each stated once; views and analysts use them.
--
-- A share corrected for errors that were measured elsewhere (Rogan & Gladen 1978): of n pieces of feedback the model says
-- yes to k; it finds s of those that are of the label and is silent about c of those that are not:
--     (k/n + c - 1) / (s + c - 1)
-- with s and c as means of their Jeffreys posteriors, as cxnlp/quality/counts.py has it. The interval is that of Lang &
-- Reiczigel (2014, "Confidence limits for prevalence of disease adjusted for estimated sensitivity and specificity"): with
-- p' = (k + z²/2)/(n + z²), s' = (tp + 1)/(tp + fn + 2), c' = (tn + 1)/(tn + fp + 2), each with its number of units, and
-- q = (p' + c' - 1)/(s' + c' - 1),
--     q + 2z²·(q·s'(1 - s')/(tp + fn + 2) - (1 - q)·c'(1 - c')/(tn + fp + 2))
--       ±  z·√(p'(1 - p')/(n + z²) + q²·s'(1 - s')/(tp + fn + 2) + (1 - q)²·c'(1 - c')/(tn + fp + 2)) / (s' + c' - 1)
-- cut to 0 … 1, and never leaving the estimate out. Where no errors are known (tp is null) it is Wilson's of k/n; where
-- the errors leave open whether the model tells anything (s' + c' <= 1) it is all of 0 … 1.

CREATE OR REPLACE MACRO posterior_mean(yes, no) AS (yes + 0.5e0) / (yes + no + 1);
CREATE OR REPLACE MACRO agresti_mean(yes, no) AS (yes + 1e0) / (yes + no + 2);
CREATE OR REPLACE MACRO rogan_gladen(share, s, c) AS
    CASE WHEN s + c > 1 THEN least(1, greatest(0, (share + c - 1) / (s + c - 1))) ELSE share END;
CREATE OR REPLACE MACRO lang_reiczigel_end(p, n, s, n_s, c, n_c, q, side) AS
    CASE WHEN s + c > 1
        THEN least(1, greatest(0,
            q + 7.682917641250786e0 * (q * s * (1 - s) / n_s - (1 - q) * c * (1 - c) / n_c)
                + side * 1.959963984540054e0 * sqrt(
                    p * (1 - p) / n + q ** 2 * s * (1 - s) / n_s + (1 - q) ** 2 * c * (1 - c) / n_c
                ) / (s + c - 1)
        ))
        ELSE (1 + side) / 2e0
    END;
CREATE OR REPLACE MACRO lang_reiczigel(p, n, s, n_s, c, n_c, side) AS
    lang_reiczigel_end(p, n, s, n_s, c, n_c, (p + c - 1) / (s + c - 1), side);
CREATE OR REPLACE MACRO corrected_share(k, n, tp, fp, fn, tn) AS
    CASE
        WHEN n > 0 AND tp + fn > 0 THEN rogan_gladen(k / n, posterior_mean(tp, fn), posterior_mean(tn, fp))
        WHEN n > 0 THEN k / n
    END;
CREATE OR REPLACE MACRO corrected_share_low(k, n, tp, fp, fn, tn) AS
    CASE
        WHEN n > 0 AND tp + fn > 0 THEN least(
            corrected_share(k, n, tp, fp, fn, tn),
            lang_reiczigel(
                (k + 1.9207294103470627e0) / (n + 3.8414588206941254e0), n + 3.8414588206941254e0,
                agresti_mean(tp, fn), tp + fn + 2, agresti_mean(tn, fp), tn + fp + 2, -1
            )
        )
        ELSE wilson_low(k, n)
    END;
CREATE OR REPLACE MACRO corrected_share_high(k, n, tp, fp, fn, tn) AS
    CASE
        WHEN n > 0 AND tp + fn > 0 THEN greatest(
            corrected_share(k, n, tp, fp, fn, tn),
            lang_reiczigel(
                (k + 1.9207294103470627e0) / (n + 3.8414588206941254e0), n + 3.8414588206941254e0,
                agresti_mean(tp, fn), tp + fn + 2, agresti_mean(tn, fp), tn + fp + 2, 1
            )
        )
        ELSE wilson_high(k, n)
    END;
CREATE OR REPLACE MACRO correction(n, tp, fn) AS
    CASE WHEN n > 0 THEN CASE WHEN tp + fn > 0 THEN 'adjusted count' ELSE 'raw' END END;

COMMENT ON MACRO posterior_mean IS 'Mean of the Jeffreys posterior of a share with so many yes and no.';
COMMENT ON MACRO agresti_mean IS 'A share with one yes and one no more.';
COMMENT ON MACRO rogan_gladen IS 'A share that a model with sensitivity s and specificity c counted, corrected.';
COMMENT ON MACRO lang_reiczigel_end IS 'Of lang_reiczigel, with the estimate q worked out.';
COMMENT ON MACRO lang_reiczigel IS 'Lower (side -1) or upper (1) end of the 95 % interval of a corrected share; p, s and c of n, n_s and n_c units.';
COMMENT ON MACRO corrected_share IS 'The share k/n corrected for errors measured as tp true positives and so on; as it is where tp is null.';
COMMENT ON MACRO corrected_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON MACRO corrected_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON MACRO correction IS 'How a share of n was corrected: adjusted count, or raw where no errors are known.';

-- Different people do not add up over days or places: who writes on Monday and on Friday is one person of that week. Each
-- counted row knows in which groupings it is the first of its person (first_in); the rows that are, are as many as the
-- people. One bit stands for a period and a choice of columns, so a grouping is asked for by its names.

CREATE OR REPLACE MACRO bit_of(period, across) AS
    CAST(1 AS UBIGINT) << (
        CASE period WHEN 'day' THEN 0 WHEN 'week' THEN 16 WHEN 'month' THEN 32 WHEN 'all' THEN 48
            ELSE error(concat('period: found ''', period, '''; allowed: day, week, month or all.')) END
        + CASE WHEN contains(across, 'channel') THEN 1 ELSE 0 END
        + CASE WHEN contains(across, 'product') THEN 2 ELSE 0 END
        + CASE WHEN contains(across, 'location') THEN 4 ELSE 0 END
        + CASE WHEN contains(across, 'segment') THEN 8 ELSE 0 END
        + CASE WHEN regexp_full_match(across, '((channel|product|location|segment)(, *|$))*') THEN 0
            ELSE error(concat(
                'across: found ''', across, '''; allowed: channel, product, location and segment, with commas between, or nothing.'
            )) END
    );

COMMENT ON MACRO bit_of IS 'The bit of first_in for a period (day, week, month, all) and columns such as ''channel, product''.';

-- What each period and place heard in all: the denominators. A period in which another model than the measured one had
-- its say is not corrected.

CREATE OR REPLACE MACRO heard_by(period, across) AS TABLE
WITH
known AS (
    SELECT string_split(any_value(model_versions), ', ') AS versions FROM label_errors
),
strange AS (
    SELECT DISTINCT model_versions FROM counted_feedback
    WHERE NOT coalesce(list_has_all((SELECT versions FROM known), string_split(model_versions, ', ')), false)
)
SELECT
    CASE period WHEN 'day' THEN occurred_on WHEN 'week' THEN week WHEN 'month' THEN month END AS starts_on,
    CASE WHEN contains(across, 'channel') THEN channel END AS channel,
    CASE WHEN contains(across, 'product') THEN product END AS product,
    CASE WHEN contains(across, 'location') THEN location END AS location,
    CASE WHEN contains(across, 'segment') THEN segment END AS segment,
    count(*) AS n_feedback,
    count(*) FILTER (first_in & bit_of(period, across) <> 0) AS n_customers,
    bool_and(NOT coalesce(model_versions, '?') IN (SELECT coalesce(model_versions, '?') FROM strange)) AS is_measured
FROM counted_feedback
WHERE n_mentions > 0
GROUP BY ALL;

COMMENT ON MACRO TABLE heard_by IS 'Feedback with a customer''s words, by period (day, week, month, all) and columns such as ''channel, product'': what shares are shares of.';

-- What was said, by the same: one row per cell and label that was said in it.

CREATE OR REPLACE MACRO counts_by(of_family, period, across) AS TABLE
WITH
said AS (
    SELECT
        CASE period WHEN 'day' THEN occurred_on WHEN 'week' THEN week WHEN 'month' THEN month END AS starts_on,
        CASE WHEN contains(across, 'channel') THEN channel END AS channel,
        CASE WHEN contains(across, 'product') THEN product END AS product,
        CASE WHEN contains(across, 'location') THEN location END AS location,
        CASE WHEN contains(across, 'segment') THEN segment END AS segment,
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
    WHERE speaker = 'customer' AND CASE
        WHEN of_family = 'all' THEN family IN ('moment', 'unmeasurable', 'warning', 'signal')
        WHEN of_family IN ('moment', 'unmeasurable', 'warning', 'signal', 'stage', 'quality') THEN family = of_family
        ELSE error(concat(
            'family: found ''', of_family, '''; allowed: moment, unmeasurable, warning, signal, stage, quality or all.'
        ))
    END
    GROUP BY ALL
),
heard AS (
    FROM heard_by(period, across)
),
joined AS (
    SELECT
        said.*,
        heard.n_feedback,
        heard.n_customers AS n_customers_all,
        CASE WHEN heard.is_measured THEN label_errors.true_positives END AS tp,
        label_errors.false_positives AS fp,
        label_errors.false_negatives AS fn,
        label_errors.true_negatives AS tn
    FROM said
    JOIN heard
        ON heard.starts_on IS NOT DISTINCT FROM said.starts_on
        AND heard.channel IS NOT DISTINCT FROM said.channel
        AND heard.product IS NOT DISTINCT FROM said.product
        AND heard.location IS NOT DISTINCT FROM said.location
        AND heard.segment IS NOT DISTINCT FROM said.segment
    LEFT JOIN label_errors
        ON label_errors.family = said.family
        AND label_errors.label = said.label
        AND label_errors.polarity IS NOT DISTINCT FROM said.polarity
)
SELECT
    joined.starts_on,
    channel,
    product,
    location,
    segment,
    joined.family,
    joined.label,
    joined.polarity,
    taxonomy.name,
    n_feedback,
    n_feedback_reporting,
    n_feedback_reporting / n_feedback AS raw_share,
    corrected_share(n_feedback_reporting, n_feedback, tp, fp, fn, tn) AS corrected_share,
    corrected_share_low(n_feedback_reporting, n_feedback, tp, fp, fn, tn) AS corrected_share_low,
    corrected_share_high(n_feedback_reporting, n_feedback, tp, fp, fn, tn) AS corrected_share_high,
    correction(n_feedback, tp, fn) AS method,
    n_customers_all,
    n_customers,
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
FROM joined
LEFT JOIN taxonomy ON taxonomy.family = joined.family AND taxonomy.id = joined.label;

COMMENT ON MACRO TABLE counts_by IS 'What customers said, by family (moment, unmeasurable, warning, signal, or all), period (day, week, month, all) and columns such as ''channel, product''.';

-- The eight unmeasurables: of all feedback of a cell, in how much was the quality shown, in how much was it missing, and in
-- how much was there no opportunity (neither)? With s and m the corrected shares and b the share that says both,
--     no opportunity = 1 - s - m + b
-- and its interval adds the two one-sided errors of s and m in squares (Zou & Donner 2008), which takes them as
-- independent.

CREATE OR REPLACE MACRO no_opportunity(shown, missing, both_ways) AS least(1, greatest(0, 1 - shown - missing + both_ways));
CREATE OR REPLACE MACRO no_opportunity_low(shown, shown_high, missing, missing_high, both_ways) AS
    greatest(0, no_opportunity(shown, missing, both_ways)
        - sqrt((shown_high - shown) ** 2 + (missing_high - missing) ** 2));
CREATE OR REPLACE MACRO no_opportunity_high(shown, shown_low, missing, missing_low, both_ways) AS
    least(1, no_opportunity(shown, missing, both_ways)
        + sqrt((shown - shown_low) ** 2 + (missing - missing_low) ** 2));

COMMENT ON MACRO no_opportunity IS 'Share that says neither, from the shares shown, missing and both.';
COMMENT ON MACRO no_opportunity_low IS 'Lower end of its 95 % interval, from the upper ends of the two shares.';
COMMENT ON MACRO no_opportunity_high IS 'Upper end of its 95 % interval, from the lower ends of the two shares.';

CREATE OR REPLACE MACRO unmeasurables_by(period, across) AS TABLE
WITH
sides AS (
    SELECT
        starts_on, channel, product, location, segment, label,
        coalesce(any_value(n_feedback_reporting) FILTER (polarity = '+'), 0) AS n_feedback_shown,
        coalesce(any_value(n_feedback_reporting) FILTER (polarity = '-'), 0) AS n_feedback_missing,
        coalesce(any_value(n_mentions) FILTER (polarity = '+'), 0) AS n_shown,
        coalesce(any_value(n_mentions) FILTER (polarity = '-'), 0) AS n_missing
    FROM counts_by('unmeasurable', period, across)
    GROUP BY ALL
),
qualities AS (
    SELECT
        starts_on, channel, product, location, segment, label,
        any_value(n_feedback) AS n_feedback,
        any_value(n_feedback_reporting) AS n_feedback_either,
        any_value(n_customers) AS n_customers
    FROM counts_by('quality', period, across)
    GROUP BY ALL
),
measured AS (
    SELECT starts_on, channel, product, location, segment, is_measured FROM heard_by(period, across)
),
joined AS (
    SELECT
        sides.*,
        n_feedback,
        n_feedback - n_feedback_either AS n_feedback_neither,
        (n_feedback_shown + n_feedback_missing - n_feedback_either) / n_feedback AS both_ways,
        n_customers,
        CASE WHEN is_measured THEN plus.true_positives END AS tp_shown,
        plus.false_positives AS fp_shown,
        plus.false_negatives AS fn_shown,
        plus.true_negatives AS tn_shown,
        CASE WHEN is_measured THEN minus.true_positives END AS tp_missing,
        minus.false_positives AS fp_missing,
        minus.false_negatives AS fn_missing,
        minus.true_negatives AS tn_missing
    FROM sides
    JOIN qualities
        ON qualities.starts_on IS NOT DISTINCT FROM sides.starts_on
        AND qualities.channel IS NOT DISTINCT FROM sides.channel
        AND qualities.product IS NOT DISTINCT FROM sides.product
        AND qualities.location IS NOT DISTINCT FROM sides.location
        AND qualities.segment IS NOT DISTINCT FROM sides.segment
        AND qualities.label = sides.label
    JOIN measured
        ON measured.starts_on IS NOT DISTINCT FROM sides.starts_on
        AND measured.channel IS NOT DISTINCT FROM sides.channel
        AND measured.product IS NOT DISTINCT FROM sides.product
        AND measured.location IS NOT DISTINCT FROM sides.location
        AND measured.segment IS NOT DISTINCT FROM sides.segment
    LEFT JOIN label_errors AS plus ON plus.family = 'unmeasurable' AND plus.label = sides.label AND plus.polarity = '+'
    LEFT JOIN label_errors AS minus ON minus.family = 'unmeasurable' AND minus.label = sides.label AND minus.polarity = '-'
),
shares AS (
    SELECT
        *,
        corrected_share(n_feedback_shown, n_feedback, tp_shown, fp_shown, fn_shown, tn_shown) AS shown,
        corrected_share_low(n_feedback_shown, n_feedback, tp_shown, fp_shown, fn_shown, tn_shown) AS shown_low,
        corrected_share_high(n_feedback_shown, n_feedback, tp_shown, fp_shown, fn_shown, tn_shown) AS shown_high,
        corrected_share(n_feedback_missing, n_feedback, tp_missing, fp_missing, fn_missing, tn_missing) AS missing,
        corrected_share_low(n_feedback_missing, n_feedback, tp_missing, fp_missing, fn_missing, tn_missing) AS missing_low,
        corrected_share_high(n_feedback_missing, n_feedback, tp_missing, fp_missing, fn_missing, tn_missing) AS missing_high
    FROM joined
)
SELECT
    starts_on,
    channel,
    product,
    location,
    segment,
    label AS unmeasurable,
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
    CASE WHEN tp_shown + fn_shown > 0 AND tp_missing + fn_missing > 0 THEN 'adjusted count' ELSE 'raw' END AS method,
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
