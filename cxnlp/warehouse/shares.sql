-- The correction for the model's errors, stated once; views and analysts use it. Counting: counts.sql.
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

-- As in macros.sql, null goes through the formulas (0 * estimate), and CASE is for what they leave.

CREATE OR REPLACE MACRO informative(s, c) AS nullif(greatest(s + c - 1, 0), 0);
CREATE OR REPLACE MACRO rogan_gladen(k, n, s, c) AS (k / nullif(n, 0) + c - 1) / informative(s, c);
CREATE OR REPLACE MACRO lang_reiczigel(p, n, q, v, w, i, side) AS
    q + 7.682917641250786e0 * (q * v - (1 - q) * w)
        + side * 1.959963984540054e0 * sqrt(p * (1 - p) / n + q * q * v + (1 - q) * (1 - q) * w) / i;
CREATE OR REPLACE MACRO corrected_end(p, n, s, v, c, w, side) AS
    lang_reiczigel(p, n, (p + c - 1) / informative(s, c), v, w, informative(s, c), side);
CREATE OR REPLACE MACRO corrected_share(k, n, s, c) AS
    coalesce(least(1, greatest(0, rogan_gladen(k, n, s, c))) + 0 * rogan_gladen(k, n, s, c), k / nullif(n, 0));
CREATE OR REPLACE MACRO corrected_share_low(k, n, s, v, c, w) AS
    coalesce(
        greatest(0, least(1, rogan_gladen(k, n, s, c), corrected_end(
            (k + 1.9207294103470627e0) / (n + 3.8414588206941254e0), n + 3.8414588206941254e0, s, v, c, w, -1
        ))) + 0 * rogan_gladen(k, n, s, c),
        CASE WHEN s IS NULL THEN wilson_low(k, n) WHEN n > 0 THEN 0 END
    );
CREATE OR REPLACE MACRO corrected_share_high(k, n, s, v, c, w) AS
    coalesce(
        least(1, greatest(0, rogan_gladen(k, n, s, c), corrected_end(
            (k + 1.9207294103470627e0) / (n + 3.8414588206941254e0), n + 3.8414588206941254e0, s, v, c, w, 1
        ))) + 0 * rogan_gladen(k, n, s, c),
        CASE WHEN s IS NULL THEN wilson_high(k, n) WHEN n > 0 THEN 1 END
    );

COMMENT ON MACRO informative IS 'How much more often the model says yes where it is so than where it is not: s + c - 1; null where not more often.';
COMMENT ON MACRO rogan_gladen IS 'Of corrected_share, not yet cut to 0 … 1; null where nothing is known of the errors.';
COMMENT ON MACRO corrected_share IS 'The share k/n corrected for a model of sensitivity s and specificity c; as it is where they are null.';
COMMENT ON MACRO lang_reiczigel IS 'Of corrected_end, with the estimate q and the informative part i worked out.';
COMMENT ON MACRO corrected_end IS 'Lower (side -1) or upper (1) end of the 95 % interval of a corrected share, not yet cut.';
COMMENT ON MACRO corrected_share_low IS 'Lower end of its 95 % interval; v and w are the variances of s and c.';
COMMENT ON MACRO corrected_share_high IS 'Upper end of its 95 % interval.';

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

-- Stated once, for every view: the shares of n pieces of feedback, corrected by the model's errors (rows of label_errors; null
-- where none are known). Structs, whose fields a view takes as columns: unnest(shares_of(…)).

CREATE OR REPLACE MACRO corrected(k, n, errors) AS {
    share: corrected_share(k, n, errors.sensitivity, errors.specificity),
    low: corrected_share_low(
        k, n, errors.sensitivity, errors.sensitivity_variance, errors.specificity, errors.specificity_variance
    ),
    high: corrected_share_high(
        k, n, errors.sensitivity, errors.sensitivity_variance, errors.specificity, errors.specificity_variance
    ),
    is_corrected: errors.sensitivity IS NOT NULL
};
CREATE OR REPLACE MACRO shares_of(shown, missing, both_ways) AS {
    corrected_shown_share: shown.share,
    corrected_shown_share_low: shown.low,
    corrected_shown_share_high: shown.high,
    corrected_missing_share: missing.share,
    corrected_missing_share_low: missing.low,
    corrected_missing_share_high: missing.high,
    corrected_no_opportunity_share: no_opportunity(shown.share, missing.share, both_ways),
    corrected_no_opportunity_share_low: no_opportunity_low(shown.share, shown.high, missing.share, missing.high, both_ways),
    corrected_no_opportunity_share_high: no_opportunity_high(shown.share, shown.low, missing.share, missing.low, both_ways),
    method: CASE WHEN shown.is_corrected AND missing.is_corrected THEN 'adjusted count' ELSE 'raw' END
};
CREATE OR REPLACE MACRO unmeasurable_errors() AS TABLE
SELECT
    label AS unmeasurable,
    any_value(label_errors) FILTER (polarity = '+') AS when_shown,
    any_value(label_errors) FILTER (polarity = '-') AS when_missing
FROM label_errors
WHERE family = 'unmeasurable'
GROUP BY label;

COMMENT ON MACRO corrected IS 'The share k/n corrected by a row of label_errors, with its interval: share, low, high, is_corrected.';
COMMENT ON MACRO shares_of IS 'The corrected shares shown, missing and no opportunity with their intervals, as columns of the views, from two of corrected and the share of both.';
COMMENT ON MACRO TABLE unmeasurable_errors IS 'The rows of label_errors for each unmeasurable shown and missing, beside each other.';

-- Normal distribution (Abramowitz & Stegun 26.2.17; off by less than 1e-7), for counts too large to add up.

CREATE OR REPLACE MACRO normal_tail(z, t) AS
    exp(-z * z / 2) * 0.3989422804014327e0
        * t * (0.319381530e0 + t * (-0.356563782e0 + t * (1.781477937e0 + t * (-1.821255978e0 + t * 1.330274429e0))));
CREATE OR REPLACE MACRO normal_below(z) AS
    CASE WHEN z < 0 THEN normal_tail(-z, 1 / (1 - 0.2316419e0 * z)) ELSE 1 - normal_tail(z, 1 / (1 + 0.2316419e0 * z)) END;

COMMENT ON MACRO normal_tail IS 'Of normal_below.';
COMMENT ON MACRO normal_below IS 'Probability that a standard normal value is below z.';
