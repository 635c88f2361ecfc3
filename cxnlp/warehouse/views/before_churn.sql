-- Question: after which experiences do customers say that they leave?
-- Grain:    one row per moment that went badly, unmeasurable that was missing, and warning, that anyone with a known name
--           reported.
-- Reader:   whoever wants to keep customers.
--
-- Of all pieces of feedback that report it, after how many did the same person give a churn signal in a later piece within
-- 90 days? Beside it the same share of all pieces, and the first divided by the second. Only people with a name or number
-- can be seen again, and one who leaves without a word is not seen at all: compare rows, do not read them as churn rates.
-- Shares are of what the model and people settled, not corrected: errors of pairs of pieces were not measured.

CREATE OR REPLACE VIEW before_churn AS
WITH
known AS (
    SELECT feedback_id, days_to_churn <= 90 AS is_followed FROM counted_feedback WHERE is_known AND n_mentions > 0
),
usual AS (
    SELECT count(*) FILTER (is_followed) / nullif(count(*), 0) AS usual_share FROM known
),
reports AS (
    SELECT
        family,
        label,
        count(*) AS n_feedback,
        count(*) FILTER (days_to_churn <= 90) AS n_feedback_followed,
        count(DISTINCT person_key) FILTER (days_to_churn <= 90) AS n_customers
    FROM counted_labels
    WHERE speaker = 'customer' AND n_mentions > 0 AND person_key <> feedback_id AND (
        (family = 'moment' AND n_negative > 0) OR (family = 'unmeasurable' AND polarity = '-') OR family = 'warning'
    )
    GROUP BY family, label
)
SELECT
    reports.family,
    reports.label,
    taxonomy.name,
    n_feedback,
    n_feedback_followed,
    n_customers,
    n_feedback_followed / n_feedback AS followed_share,
    wilson_low(n_feedback_followed, n_feedback) AS followed_share_low,
    wilson_high(n_feedback_followed, n_feedback) AS followed_share_high,
    usual_share,
    n_feedback_followed / n_feedback / nullif(usual_share, 0) AS times_usual
FROM reports
CROSS JOIN usual
LEFT JOIN taxonomy ON taxonomy.family = reports.family AND taxonomy.id = reports.label
ORDER BY followed_share_low DESC, reports.family, reports.label;

COMMENT ON VIEW before_churn IS 'One row per bad experience: how often the same customer gave a churn signal within 90 days after reporting it.';
COMMENT ON COLUMN before_churn.family IS 'moment (with a negative mention), unmeasurable (missing) or warning.';
COMMENT ON COLUMN before_churn.n_feedback IS 'Pieces of feedback of known people that report it: the denominator.';
COMMENT ON COLUMN before_churn.n_feedback_followed IS 'Of those, pieces after which the same person gave a churn signal in a later piece within 90 days.';
COMMENT ON COLUMN before_churn.n_customers IS 'Different people behind n_feedback_followed.';
COMMENT ON COLUMN before_churn.followed_share IS 'n_feedback_followed / n_feedback, 0 to 1.';
COMMENT ON COLUMN before_churn.usual_share IS 'The same share of all pieces of known people.';
COMMENT ON COLUMN before_churn.times_usual IS 'followed_share / usual_share; null where nobody was followed by churn.';
