-- Question: what should somebody look at this morning, before any trend shows it?
-- Grain:    one row per open alert: dangers first, then rises, the least likely to be chance first.
-- Reader:   whoever is on duty; the night's closing words.
--
-- A quote is null where its mention was erased or corrected since. An alert's item is the open one of the same label; where
-- themes of it have items of their own, the one that the alert's quotes speak for, if that is one and they are of enough
-- people (privacy.least_group): of fewer it would tell what they said.

CREATE OR REPLACE VIEW open_alerts AS
WITH
quoted AS (
    SELECT alert_id, n_customers, unnest([quote_1_mention_id, quote_2_mention_id, quote_3_mention_id]) AS mention_id
    FROM alerts
    WHERE closed_on IS NULL
),
quotes AS MATERIALIZED (
    SELECT mention_id, text FROM mentions WHERE mention_id IN (SELECT mention_id FROM quoted)
),
speaking AS (
    SELECT DISTINCT alert_id, item_id, true AS is_speaking
    FROM quoted
    JOIN backlog_evidence USING (mention_id)
    WHERE n_customers >= coalesce((SELECT max(least_group) FROM sharing), 5)
),
items AS (
    SELECT
        alert_id,
        CASE
            WHEN count(*) = 1 THEN any_value(item_id)
            WHEN count(is_speaking) = 1 THEN any_value(item_id) FILTER (is_speaking)
        END AS item_id
    FROM alerts
    JOIN backlog
        ON backlog.kind = alerts.family AND backlog.label = alerts.label
        AND backlog.polarity IS NOT DISTINCT FROM CASE alerts.family WHEN 'moment' THEN '-' ELSE alerts.polarity END
    JOIN backlog_states USING (state)
    LEFT JOIN speaking USING (alert_id, item_id)
    WHERE closed_on IS NULL AND is_open
    GROUP BY alert_id
)
SELECT
    alerts.alert_id,
    alerts.kind,
    alerts.family,
    alerts.label,
    alerts.polarity,
    CASE WHEN alerts.polarity = '-' THEN subjects.name || ' is missing' ELSE coalesce(subjects.worse, subjects.name) END AS name,
    subjects.owner,
    alerts.moment,
    beside.name AS moment_name,
    alerts.product,
    alerts.location,
    alerts.opened_on,
    alerts.last_on,
    alerts.n_days,
    alerts.n_reports,
    alerts.n_customers,
    alerts.expected_reports,
    alerts.ratio,
    alerts.p_value,
    first_quotes.text AS quote_1,
    second_quotes.text AS quote_2,
    third_quotes.text AS quote_3,
    items.item_id
FROM alerts
LEFT JOIN taxonomy AS subjects ON subjects.family = alerts.family AND subjects.id = alerts.label
LEFT JOIN taxonomy AS beside ON beside.family = 'moment' AND beside.id = alerts.moment
LEFT JOIN quotes AS first_quotes ON first_quotes.mention_id = alerts.quote_1_mention_id
LEFT JOIN quotes AS second_quotes ON second_quotes.mention_id = alerts.quote_2_mention_id
LEFT JOIN quotes AS third_quotes ON third_quotes.mention_id = alerts.quote_3_mention_id
LEFT JOIN items ON items.alert_id = alerts.alert_id
WHERE alerts.closed_on IS NULL
ORDER BY alerts.kind, alerts.p_value, alerts.opened_on, alerts.alert_id;

COMMENT ON VIEW open_alerts IS 'One row per open early warning, with names and masked quotes: dangers first, then rises, the least likely to be chance first.';
COMMENT ON COLUMN open_alerts.alert_id IS 'Stays the same from night to night while the alert lasts.';
COMMENT ON COLUMN open_alerts.kind IS 'crisis (a danger, from its first credible mention) or rise (more reports than season, weekday and volume explain).';
COMMENT ON COLUMN open_alerts.family IS 'moment (complaints), unmeasurable (missing), warning or signal.';
COMMENT ON COLUMN open_alerts.polarity IS '- (missing) for unmeasurables, else null.';
COMMENT ON COLUMN open_alerts.name IS 'What goes wrong, in plain English.';
COMMENT ON COLUMN open_alerts.moment IS 'Only beside complaints about this moment; null: wherever it is said.';
COMMENT ON COLUMN open_alerts.moment_name IS 'That moment in plain English.';
COMMENT ON COLUMN open_alerts.product IS 'Only of this product; null: of all (rise), or not given (crisis).';
COMMENT ON COLUMN open_alerts.location IS 'Only of this branch or place; null: of all (rise), or not given (crisis).';
COMMENT ON COLUMN open_alerts.opened_on IS 'Night that raised it first.';
COMMENT ON COLUMN open_alerts.last_on IS 'Last night that raised it.';
COMMENT ON COLUMN open_alerts.n_days IS 'Days that the numbers are of.';
COMMENT ON COLUMN open_alerts.n_customers IS 'Different people behind n_reports; null: not counted yet.';
COMMENT ON COLUMN open_alerts.quote_1 IS 'The mention that shows it best, masked.';
COMMENT ON COLUMN open_alerts.quote_2 IS 'The next one, of another person.';
COMMENT ON COLUMN open_alerts.quote_3 IS 'The third, of a third person.';
COMMENT ON COLUMN open_alerts.item_id IS 'The open item of the backlog that it is about; null where there is none, or several and its quotes do not tell which.';
