-- Question: how many customers in a hundred report it, is that more than before, and how sure is it?
-- Grain:    one row per period (week, month) and label in use; labels that nobody reports too.
-- Reader:   an analyst who compares weeks or labels; a head of service who asks whether it got better.
--
-- The shares come corrected for the model's errors from the table rates. The interval of a change is that of a difference
-- of two independent estimates (Zou & Donner 2008): wider than needed where both are corrected by the same errors, never
-- narrower. From a raw count to a corrected one (another model, another threshold) everything seems to move, so that is
-- never called a change. The last period may still be running.

CREATE OR REPLACE VIEW prevalence AS
WITH
before AS (
    SELECT
        *,
        lag(corrected_share) OVER earlier AS share_before,
        lag(corrected_share_low) OVER earlier AS low_before,
        lag(corrected_share_high) OVER earlier AS high_before,
        lag(method) OVER earlier AS method_before
    FROM rates
    WINDOW earlier AS (PARTITION BY period, family, label, polarity ORDER BY starts_on)
),
changes AS (
    SELECT
        *,
        corrected_share - share_before AS change,
        corrected_share - share_before
            - sqrt((corrected_share - corrected_share_low) ** 2 + (high_before - share_before) ** 2) AS change_low,
        corrected_share - share_before
            + sqrt((corrected_share_high - corrected_share) ** 2 + (share_before - low_before) ** 2) AS change_high
    FROM before
)
SELECT
    changes.period,
    changes.starts_on,
    taxonomy.stage,
    changes.family,
    changes.label,
    changes.polarity,
    taxonomy.name,
    changes.n_customers_all,
    changes.n_customers_reporting,
    changes.raw_share,
    changes.corrected_share,
    changes.corrected_share_low,
    changes.corrected_share_high,
    changes.change,
    changes.change_low,
    changes.change_high,
    coalesce(
        (changes.change_low > 0 OR changes.change_high < 0)
        AND (changes.method = 'raw') = (changes.method_before = 'raw'),
        false
    ) AS is_changed,
    changes.method,
    changes.n_customers_labelled
FROM changes
LEFT JOIN taxonomy ON taxonomy.family = changes.family AND taxonomy.id = changes.label
ORDER BY changes.period, changes.starts_on, changes.corrected_share_low DESC, changes.family, changes.label, changes.polarity;

COMMENT ON VIEW prevalence IS 'One row per week or month and label: the share of customers that report it, corrected for the model''s errors, and its change since the period before.';
COMMENT ON COLUMN prevalence.starts_on IS 'The Monday of the week, or the first of the month.';
COMMENT ON COLUMN prevalence.stage IS 'Moments: the ABACUS stage.';
COMMENT ON COLUMN prevalence.n_customers_all IS 'Different people heard in the period: what the shares are shares of.';
COMMENT ON COLUMN prevalence.n_customers_reporting IS 'Of those, people in whose words model or rules are sure of the label.';
COMMENT ON COLUMN prevalence.raw_share IS 'n_customers_reporting / n_customers_all, 0 to 1: what the model counts, errors and all.';
COMMENT ON COLUMN prevalence.change IS 'corrected_share less that of the period before that anyone wrote in, -1 to 1; null in the first.';
COMMENT ON COLUMN prevalence.is_changed IS 'Whether that interval leaves out 0; never from a raw share to a corrected one, or back. One in twenty does so by chance.';
COMMENT ON COLUMN prevalence.method IS 'prediction-powered, adjusted count, or raw (not corrected); see the table rates.';
