-- Question: of which tags would a person's word teach most?
-- Grain:    one row per mention and tag that the night gives or half gives, for each label the $most worth asking.
-- Reader:   cxnlp/teaching/queue.py
--
-- Worth: how near the tag's probability is to the border between unsure and yes, measured in log odds (1 at the border),
-- times what is at stake. A label's border is read off the tags themselves, so it follows the user's settings.

WITH
tags_of_customers AS (
    SELECT
        mention_id,
        feedback_id,
        quote AS text,
        family,
        label,
        coalesce(polarity, '') AS sign,
        voter,
        decision,
        ln(greatest(least(probability, 0.999), 0.001) / (1 - greatest(least(probability, 0.999), 0.001))) AS log_odds
    FROM evidence
    WHERE family IS NOT NULL AND voter <> 'person' AND speaker IS DISTINCT FROM 'agent'
),
edges AS (
    SELECT
        family,
        label,
        sign,
        max(log_odds) FILTER (decision = 'unsure') AS highest_unsure,
        min(log_odds) FILTER (decision = 'yes') AS lowest_yes
    FROM tags_of_customers
    WHERE voter = 'model'
    GROUP BY ALL
),
borders AS (
    SELECT
        family,
        label,
        sign,
        coalesce((highest_unsure + lowest_yes) / 2, highest_unsure, lowest_yes) AS border
    FROM edges
)
SELECT
    tags.mention_id,
    tags.feedback_id,
    lower(tags.text) AS words,
    concat(tags.family, ':', tags.label, tags.sign) AS code,
    coalesce(stakes.weight, 1) * exp(-abs(tags.log_odds - coalesce(borders.border, 0))) AS worth
FROM tags_of_customers AS tags
LEFT JOIN borders USING (family, label, sign)
LEFT JOIN stakes ON stakes.code = concat(tags.family, ':', tags.label, tags.sign)
ANTI JOIN passed USING (feedback_id, text)
QUALIFY row_number() OVER (PARTITION BY tags.family, tags.label, tags.sign ORDER BY worth DESC, tags.mention_id) <= $most
ORDER BY worth DESC, tags.mention_id, code
