-- Question: which early warnings are open, or were when a message was queued?
-- Grain: one row per alert. Reader: cxnlp/notify/changes.py and digest.py. No quotes: they stay on the page.
SELECT
    alerts.alert_id,
    alerts.kind,
    CASE WHEN alerts.polarity = '-' THEN subjects.name || ' is missing' ELSE coalesce(subjects.worse, subjects.name) END AS name,
    subjects.owner,
    beside.name AS moment_name,
    alerts.product,
    alerts.location,
    alerts.opened_on,
    alerts.closed_on,
    alerts.n_days,
    alerts.n_reports,
    alerts.n_customers,
    alerts.expected_reports
FROM alerts
LEFT JOIN taxonomy AS subjects ON subjects.family = alerts.family AND subjects.id = alerts.label
LEFT JOIN taxonomy AS beside ON beside.family = 'moment' AND beside.id = alerts.moment
ORDER BY alerts.kind, alerts.p_value, alerts.opened_on, alerts.alert_id
