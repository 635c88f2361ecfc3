-- Every mention lies inside its feedback's text and is that slice of it.

SELECT mentions.mention_id, mentions."start", mentions."end"
FROM mentions
JOIN feedback USING (feedback_id)
WHERE mentions."start" < 0
    OR mentions."end" <= mentions."start"
    OR mentions.text IS DISTINCT FROM
        substring(feedback.text, mentions."start" + 1, mentions."end" - mentions."start");
