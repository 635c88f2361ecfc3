-- Question: out of 100 pieces of feedback, how many complained about each moment, week by week?
-- Grain: one row per moment and week with feedback; weeks without complaints have 0. Reader: the page's trends.
WITH all_weeks AS (
    SELECT week, count(DISTINCT feedback_id) AS n_feedback
    FROM period
    GROUP BY week
),
complaints AS (
    SELECT label, week, count(DISTINCT feedback_id) AS n_feedback_negative, count(*) AS n_negative,
        count(DISTINCT person_key) AS n_customers
    FROM period
    WHERE family = 'moment' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent' AND sentiment < 0
    GROUP BY label, week
),
spoken AS (
    SELECT DISTINCT label FROM complaints
)
SELECT
    spoken.label,
    all_weeks.week,
    all_weeks.n_feedback,
    coalesce(n_negative, 0) AS n_negative,
    coalesce(n_feedback_negative, 0) AS n_feedback_negative,
    coalesce(n_customers, 0) AS n_customers,
    coalesce(n_feedback_negative, 0) / n_feedback AS share,
    wilson_low(coalesce(n_feedback_negative, 0), n_feedback) AS low,
    wilson_high(coalesce(n_feedback_negative, 0), n_feedback) AS high
FROM spoken
CROSS JOIN all_weeks
LEFT JOIN complaints ON complaints.label = spoken.label AND complaints.week = all_weeks.week
ORDER BY spoken.label, all_weeks.week
