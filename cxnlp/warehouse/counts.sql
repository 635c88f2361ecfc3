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
    count_if(first_in & bit_of(period, across) <> 0) AS n_customers,
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
        count_if(is_reported) AS n_feedback_reporting,
        count_if(first_in & bit_of(period, across) <> 0) AS n_customers,
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
