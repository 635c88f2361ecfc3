-- Question: how often was each soft quality shown, and how often missing, week by week?
-- Grain:    one row per unmeasurable and week with at least one sure mention by a customer.
-- Reader:   a head of service; the page's balances.
--
-- balance = (n_shown - n_missing) / (n_shown + n_missing) = 2s - 1 with s the share shown; its interval is the Wilson
-- interval of s, stretched the same way. A mention that shows and misses the same quality counts on both sides.

CREATE OR REPLACE VIEW unmeasurables AS
WITH
heard AS (
    SELECT label AS unmeasurable, polarity, week, person_key
    FROM evidence
    WHERE family = 'unmeasurable' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
),
counts AS (
    SELECT
        unmeasurable, week,
        count(*) FILTER (polarity = '+') AS n_shown,
        count(*) FILTER (polarity = '-') AS n_missing,
        count(DISTINCT person_key) AS n_customers
    FROM heard
    GROUP BY unmeasurable, week
)
SELECT
    unmeasurable,
    week,
    n_shown,
    n_missing,
    n_customers,
    (n_shown - n_missing) / (n_shown + n_missing) AS balance,
    2 * wilson_low(n_shown, n_shown + n_missing) - 1 AS balance_low,
    2 * wilson_high(n_shown, n_shown + n_missing) - 1 AS balance_high
FROM counts
ORDER BY unmeasurable, week;

COMMENT ON VIEW unmeasurables IS 'One row per unmeasurable and week: how often shown and how often missing. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN unmeasurables.unmeasurable IS 'Id of the soft quality: friendliness, helpfulness, understanding, listening, comfort, trust, defusing, affinity.';
COMMENT ON COLUMN unmeasurables.week IS 'The Monday of the week.';
COMMENT ON COLUMN unmeasurables.n_shown IS 'Mentions in which it was shown (+).';
COMMENT ON COLUMN unmeasurables.n_missing IS 'Mentions in which it was missing or violated (-).';
COMMENT ON COLUMN unmeasurables.n_customers IS 'Different people behind both.';
COMMENT ON COLUMN unmeasurables.balance IS '(n_shown - n_missing) / (n_shown + n_missing), -1 to 1.';
COMMENT ON COLUMN unmeasurables.balance_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables.balance_high IS 'Upper end of its 95 % interval.';
