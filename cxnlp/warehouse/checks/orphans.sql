-- Every mention, employee, tag, vector, place, member of a theme and evidence of an item belongs to something that is stored,
-- and every count to feedback that is counted.

SELECT mention_id AS id, 'mention without feedback' AS what FROM mentions ANTI JOIN feedback USING (feedback_id)
UNION ALL
SELECT feedback_id, 'employee without feedback' FROM employees ANTI JOIN feedback USING (feedback_id)
UNION ALL
SELECT mention_id, 'tag without mention' FROM tags ANTI JOIN mentions USING (mention_id)
UNION ALL
SELECT mention_id, 'vector without mention' FROM mention_vectors ANTI JOIN mentions USING (mention_id)
UNION ALL
SELECT feedback_id, 'place without feedback' FROM places ANTI JOIN feedback USING (feedback_id)
UNION ALL
SELECT mention_id, 'member of a theme without mention' FROM theme_mentions ANTI JOIN mentions USING (mention_id)
UNION ALL
SELECT theme_id, 'member of no theme' FROM theme_mentions ANTI JOIN themes USING (theme_id) WHERE theme_id IS NOT NULL
UNION ALL
SELECT mention_id, 'evidence without mention' FROM backlog_evidence ANTI JOIN mentions USING (mention_id)
UNION ALL
SELECT item_id, 'evidence of no item' FROM backlog_evidence ANTI JOIN backlog USING (item_id)
UNION ALL
SELECT feedback_id, 'labels without counted feedback' FROM counted_labels ANTI JOIN counted_feedback USING (feedback_id)
UNION ALL
SELECT feedback_id, 'pairs without counted feedback' FROM counted_pairs ANTI JOIN counted_feedback USING (feedback_id)
UNION ALL
SELECT feedback_id, 'employees without counted feedback'
FROM counted_employees ANTI JOIN counted_feedback USING (feedback_id);
