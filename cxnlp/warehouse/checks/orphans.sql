-- Every mention, employee, tag, vector and place belongs to something that is stored.

SELECT mention_id AS id, 'mention without feedback' AS what FROM mentions ANTI JOIN feedback USING (feedback_id)
UNION ALL
SELECT feedback_id, 'employee without feedback' FROM employees ANTI JOIN feedback USING (feedback_id)
UNION ALL
SELECT mention_id, 'tag without mention' FROM tags ANTI JOIN mentions USING (mention_id)
UNION ALL
SELECT mention_id, 'vector without mention' FROM mention_vectors ANTI JOIN mentions USING (mention_id)
UNION ALL
SELECT feedback_id, 'place without feedback' FROM places ANTI JOIN feedback USING (feedback_id);
