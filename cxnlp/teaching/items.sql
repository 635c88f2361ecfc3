-- Question: what does a reviewer need to see of these mentions?
-- Grain:    one row per mention of the frame `chosen` (place, mention_id).
-- Reader:   cxnlp/teaching/queue.py
--
-- `said` is what model and rules say; votes of people are left out, so that a second reviewer judges alone.

WITH
votes AS (
    SELECT mention_id, concat(family, ':', label, polarity) AS code, probability, decision, model_version
    FROM tags SEMI JOIN chosen USING (mention_id)
    WHERE voter <> 'person'
    QUALIFY row_number() OVER (
        PARTITION BY mention_id, family, label, polarity ORDER BY decision = 'yes' DESC, voter = 'model' DESC
    ) = 1
),
said AS (
    SELECT
        mention_id,
        list({'code': code, 'probability': round(CAST(probability AS DOUBLE), 4), 'decision': decision} ORDER BY code) AS said,
        max(model_version) AS model_version
    FROM votes
    GROUP BY mention_id
)
SELECT
    mentions.mention_id,
    mentions.feedback_id,
    mentions.position,
    mentions."start",
    mentions."end",
    mentions.speaker,
    mentions.text,
    feedback.text AS document,
    feedback.channel,
    CAST(utc_day(feedback.occurred_at) AS VARCHAR) AS occurred_on,
    CAST(md5_number_lower(concat('random slice ', mentions.feedback_id)) AS DOUBLE) / 18446744073709551616.0 AS draw,
    said.said,
    said.model_version
FROM chosen
JOIN mentions USING (mention_id)
JOIN feedback USING (feedback_id)
LEFT JOIN said USING (mention_id)
ORDER BY chosen.place
