-- Question: what do agents say and show in calls, beside what customers say in the same calls?
-- Grain:    one row per month and label that either of them said in feedback with an agent's words.
-- Reader:   a head of the call centre.
--
-- Shares are of the calls with an agent's words in them, as the model and rules say: its errors were not measured apart for
-- agents, so they are not corrected, and the intervals hold only if it does not err.

CREATE OR REPLACE VIEW agents_and_customers AS
WITH
calls AS (
    SELECT month, count(*) AS n_feedback FROM counted_feedback WHERE n_mentions_agent > 0 AND channel = 'call'
    GROUP BY month
),
said AS (
    SELECT
        counted_labels.month,
        family,
        label,
        polarity,
        count(*) FILTER (speaker = 'agent' AND is_reported) AS n_feedback_agent,
        count(*) FILTER (speaker = 'customer' AND is_reported) AS n_feedback_customer,
        coalesce(CAST(sum(counted_labels.n_mentions) FILTER (speaker = 'agent') AS BIGINT), 0) AS n_mentions_agent,
        coalesce(CAST(sum(counted_labels.n_mentions) FILTER (speaker = 'customer') AS BIGINT), 0) AS n_mentions_customer
    FROM counted_labels
    SEMI JOIN (SELECT feedback_id FROM counted_feedback WHERE n_mentions_agent > 0) AS calls USING (feedback_id)
    WHERE channel = 'call' AND family IN ('moment', 'unmeasurable', 'warning', 'signal')
    GROUP BY ALL
)
SELECT
    said.month,
    said.family,
    said.label,
    said.polarity,
    taxonomy.name,
    n_feedback,
    n_feedback_agent,
    n_feedback_agent / n_feedback AS agent_share,
    wilson_low(n_feedback_agent, n_feedback) AS agent_share_low,
    wilson_high(n_feedback_agent, n_feedback) AS agent_share_high,
    n_feedback_customer,
    n_feedback_customer / n_feedback AS customer_share,
    wilson_low(n_feedback_customer, n_feedback) AS customer_share_low,
    wilson_high(n_feedback_customer, n_feedback) AS customer_share_high,
    n_mentions_agent,
    n_mentions_customer
FROM said
JOIN calls ON calls.month IS NOT DISTINCT FROM said.month
LEFT JOIN taxonomy ON taxonomy.family = said.family AND taxonomy.id = said.label
ORDER BY said.month, said.family, said.label, said.polarity;

COMMENT ON VIEW agents_and_customers IS 'One row per month and label: in how many calls agents said or showed it, and in how many customers did.';
COMMENT ON COLUMN agents_and_customers.month IS 'The first of the month.';
COMMENT ON COLUMN agents_and_customers.n_feedback IS 'Calls of the month with an agent''s words: the denominator of both shares.';
COMMENT ON COLUMN agents_and_customers.n_feedback_agent IS 'Of those, calls in which model or rules are sure of it in the agent''s lines.';
COMMENT ON COLUMN agents_and_customers.agent_share IS 'n_feedback_agent / n_feedback, 0 to 1.';
COMMENT ON COLUMN agents_and_customers.n_feedback_customer IS 'Calls in which they are sure of it in the customer''s lines.';
COMMENT ON COLUMN agents_and_customers.customer_share IS 'n_feedback_customer / n_feedback, 0 to 1.';
COMMENT ON COLUMN agents_and_customers.n_mentions_agent IS 'Mentions by agents that carry it, once votes are settled.';
COMMENT ON COLUMN agents_and_customers.n_mentions_customer IS 'Mentions by customers that carry it.';
