-- Question: how does each letter, call and post feel as a whole, and how were people treated in it?
-- Grain:    one row per piece of feedback with words of a customer.
-- Reader:   an analyst who holds feedback against something else, such as a rating or a renewal.
--
-- The strongest mention speaks for the whole: of the ways tried it agrees best with what people called tweets. The band
-- that counts as neutral, -0.35 to 0.2, was chosen there, too. The staff balance sums the probabilities of friendliness
-- and helpfulness, unsure tags too: it ranks better than sure tags alone, of which a fifth of reviews have none. docs/validation.md says how far both agree with people.

CREATE OR REPLACE VIEW feedback_balance AS
WITH
heard AS (
    SELECT * FROM evidence WHERE speaker IS DISTINCT FROM 'agent'
),
felt AS (
    SELECT
        feedback_id,
        count(DISTINCT mention_id) AS n_mentions,
        arg_max(sentiment_score, abs(sentiment_score)) AS strongest_score
    FROM heard
    GROUP BY feedback_id
),
treated AS (
    SELECT
        feedback_id,
        count(*) FILTER (polarity = '+' AND decision = 'yes') AS n_shown,
        count(*) FILTER (polarity = '-' AND decision = 'yes') AS n_missing,
        sum(if(polarity = '+', 1, -1) * coalesce(probability, 1e0)) AS staff_balance
    FROM heard
    WHERE family = 'unmeasurable' AND label IN ('friendliness', 'helpfulness')
    GROUP BY feedback_id
)
SELECT
    feedback.feedback_id,
    utc_day(feedback.occurred_at) AS occurred_on,
    feedback.channel,
    feedback.source,
    coalesce(feedback.customer_key, feedback.author_key, feedback.feedback_id) AS person_key,
    feedback.rating,
    felt.n_mentions,
    felt.strongest_score,
    CASE WHEN strongest_score < -0.35 THEN -1 WHEN strongest_score > 0.2 THEN 1 WHEN strongest_score IS NOT NULL THEN 0 END AS feeling,
    coalesce(treated.n_shown, 0) AS n_shown,
    coalesce(treated.n_missing, 0) AS n_missing,
    coalesce(treated.staff_balance, 0) AS staff_balance
FROM felt
JOIN feedback USING (feedback_id)
LEFT JOIN treated USING (feedback_id);

COMMENT ON VIEW feedback_balance IS 'One row per piece of feedback: how it feels as a whole, and whether people in it were friendly and helpful. Customers'' lines, no duplicates.';
COMMENT ON COLUMN feedback_balance.feedback_id IS 'The letter, call or post.';
COMMENT ON COLUMN feedback_balance.occurred_on IS 'Day on which the customer wrote or spoke, UTC.';
COMMENT ON COLUMN feedback_balance.n_mentions IS 'Mentions of the customer.';
COMMENT ON COLUMN feedback_balance.strongest_score IS 'Sentiment of the mention that feels most, -1 to 1.';
COMMENT ON COLUMN feedback_balance.feeling IS '-1 (bad), 0 or 1 (good): strongest_score below -0.35, between, above 0.2.';
COMMENT ON COLUMN feedback_balance.n_shown IS 'Sure tags of friendliness or helpfulness shown.';
COMMENT ON COLUMN feedback_balance.n_missing IS 'Sure tags of friendliness or helpfulness missing.';
COMMENT ON COLUMN feedback_balance.staff_balance IS 'Sum over friendliness and helpfulness of the probabilities that they are shown, less those that they are missing; unsure tags too.';
