-- Question: which early warnings are open?
-- Grain: one row per open alert, dangers first, at most sixty. Reader: the page's early warnings.
SELECT
    alert_id, kind, family, label, polarity, name, owner, moment, moment_name, product, location, opened_on, last_on, n_days,
    n_reports, n_customers, expected_reports, item_id
FROM open_alerts
ORDER BY kind, p_value, n_reports DESC, opened_on, alert_id
LIMIT 60
