-- Every key is there once.

SELECT feedback_id AS id, 'feedback' AS which FROM feedback GROUP BY ALL HAVING count(*) > 1
UNION ALL
SELECT mention_id, 'mentions' FROM mentions GROUP BY ALL HAVING count(*) > 1
UNION ALL
SELECT any_value(mention_id), 'tags' FROM tags
GROUP BY mention_id, family, label, polarity, voter HAVING count(*) > 1
UNION ALL
SELECT mention_id, 'mention_vectors' FROM mention_vectors GROUP BY mention_id HAVING count(*) > 1
UNION ALL
SELECT quarantine_id, 'quarantine' FROM quarantine GROUP BY ALL HAVING count(*) > 1
UNION ALL
SELECT run_id, 'runs' FROM runs GROUP BY ALL HAVING count(*) > 1
UNION ALL
SELECT source || '/' || file, 'files' FROM files GROUP BY ALL HAVING count(*) > 1
UNION ALL
SELECT feedback_id, 'places' FROM places GROUP BY feedback_id, source, file HAVING count(*) > 1
UNION ALL
SELECT any_value(feedback_id), 'counted_labels' FROM counted_labels
GROUP BY feedback_id, speaker, family, label, polarity HAVING count(*) > 1
UNION ALL
SELECT any_value(feedback_id), 'counted_pairs' FROM counted_pairs
GROUP BY feedback_id, moment, unmeasurable HAVING count(*) > 1
UNION ALL
SELECT any_value(feedback_id), 'counted_employees' FROM counted_employees
GROUP BY employee_key, feedback_id, unmeasurable HAVING count(*) > 1
UNION ALL
SELECT any_value(mention_id), 'theme_mentions' FROM theme_mentions GROUP BY mention_id, ground HAVING count(*) > 1
UNION ALL
SELECT item_id, 'backlog' FROM backlog GROUP BY item_id HAVING count(*) > 1
UNION ALL
SELECT any_value(mention_id), 'backlog_evidence' FROM backlog_evidence GROUP BY item_id, mention_id HAVING count(*) > 1;
