-- Question: which results of the last night would be others without the feedback of the frame `chosen` (feedback_id)?
-- Grain:    one row, a column for each of cxnlp.results.MADE.
-- Reader:   cxnlp/results/making.py, before the feedback leaves. Bound: $night, $driver_days, $alert_days.
--
-- A copy of what leaves is heard in its place, so its results change, too. Drivers know a rating's scale by the lowest and
-- highest that its source ever gave. Days stand a week wide, since the night's period may end before the night.
WITH
leaving AS (
    SELECT feedback_id, rating, utc_day(occurred_at) AS occurred_on
    FROM feedback
    WHERE feedback_id IN (FROM chosen) OR duplicate_of IN (FROM chosen)
)
SELECT
    count(*) > 0 AS rates,
    coalesce(bool_or(occurred_on > $night::DATE - $alert_days::INTEGER - 7), false) AS alerts,
    coalesce(bool_or(rating IS NOT NULL OR occurred_on > $night::DATE - $driver_days::INTEGER), false) AS drivers,
    exists(FROM mentions SEMI JOIN leaving USING (feedback_id)) AS themes,
    count(*) > 0 AS backlog
FROM leaving
