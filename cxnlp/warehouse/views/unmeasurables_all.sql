-- Question: how often was each soft quality shown, and how often missing, over all that is stored?
-- Grain:    one row per unmeasurable with at least one sure mention by a customer.
-- Reader:   a head of service; the page's balances.
--
-- Balance and interval as in unmeasurables.sql.

CREATE OR REPLACE VIEW unmeasurables_all AS
WITH
heard AS (
    SELECT label AS unmeasurable, polarity, person_key
    FROM evidence
    WHERE family = 'unmeasurable' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
),
counts AS (
    SELECT
        unmeasurable,
        count(*) FILTER (polarity = '+') AS n_shown,
        count(*) FILTER (polarity = '-') AS n_missing,
        count(DISTINCT person_key) AS n_customers
    FROM heard
    GROUP BY unmeasurable
)
SELECT
    unmeasurable,
    n_shown,
    n_missing,
    n_customers,
    (n_shown - n_missing) / (n_shown + n_missing) AS balance,
    2 * wilson_low(n_shown, n_shown + n_missing) - 1 AS balance_low,
    2 * wilson_high(n_shown, n_shown + n_missing) - 1 AS balance_high
FROM counts
ORDER BY unmeasurable;

COMMENT ON VIEW unmeasurables_all IS 'One row per unmeasurable over all that is stored. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN unmeasurables_all.unmeasurable IS 'Id of the soft quality: friendliness, helpfulness, understanding, listening, comfort, trust, defusing, affinity.';
COMMENT ON COLUMN unmeasurables_all.n_shown IS 'Mentions in which it was shown (+).';
COMMENT ON COLUMN unmeasurables_all.n_missing IS 'Mentions in which it was missing or violated (-).';
COMMENT ON COLUMN unmeasurables_all.n_customers IS 'Different people behind both.';
COMMENT ON COLUMN unmeasurables_all.balance IS '(n_shown - n_missing) / (n_shown + n_missing), -1 to 1.';
COMMENT ON COLUMN unmeasurables_all.balance_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_all.balance_high IS 'Upper end of its 95 % interval.';
