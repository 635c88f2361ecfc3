-- Question: of which days must the reports be counted anew?
-- Grain:    one row per day, with the fingerprint that it has now (null: nothing is left of it).
-- Reader:   cxnlp/insight/daily.py. Bound: $first_on. Reads the temporary table `comparable`.
-- Recent days always; an older one when its feedback came late, went, was corrected, or was tagged by another model. People's
-- answers about older days wait for one of these.
WITH
days AS (
    SELECT occurred_on, concat(count(*), '-', bit_xor(content)) AS fingerprint FROM comparable GROUP BY occurred_on
),
counted AS (
    SELECT occurred_on, fingerprint FROM daily_reports WHERE family IS NULL
)
SELECT occurred_on, days.fingerprint
FROM days
FULL JOIN counted USING (occurred_on)
WHERE occurred_on >= $first_on::DATE OR days.fingerprint IS DISTINCT FROM counted.fingerprint
ORDER BY occurred_on
