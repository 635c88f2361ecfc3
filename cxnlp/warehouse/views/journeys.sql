-- Question: what did a customer say over time, step by step, and how long before a sign of leaving?
-- Grain:    one row per piece of feedback of a customer or author who is known and said something more than once.
-- Reader:   an analyst who looks at what came before; start with WHERE person_key = '…' or WHERE is_churn.

CREATE OR REPLACE VIEW journeys AS
SELECT
    person_key,
    step,
    n_steps,
    feedback_id,
    occurred_on,
    days_since_previous,
    channel,
    product,
    location,
    segment,
    n_mentions,
    n_positive,
    n_negative,
    n_strong_negative,
    (n_positive - n_negative) / nullif(n_mentions, 0) AS net_sentiment,
    moments,
    negative_moments,
    is_escalated,
    is_defused,
    is_champion,
    is_churn,
    days_to_churn
FROM counted_feedback
WHERE n_steps > 1 AND is_known;

COMMENT ON VIEW journeys IS 'One row per piece of feedback of people who said something more than once, with its place in what they said. Duplicates are left out.';
COMMENT ON COLUMN journeys.person_key IS 'Pseudonym of the customer, else of the author.';
COMMENT ON COLUMN journeys.step IS 'Place among the person''s pieces, from 1, by time.';
COMMENT ON COLUMN journeys.feedback_id IS 'The piece; evidence has its words.';
COMMENT ON COLUMN journeys.occurred_on IS 'Its day, UTC.';
COMMENT ON COLUMN journeys.n_mentions IS 'Mentions by the customer.';
COMMENT ON COLUMN journeys.n_positive IS 'Of those, mentions of strength 1 or 2.';
COMMENT ON COLUMN journeys.n_negative IS 'Of those, mentions of strength -1 or -2.';
COMMENT ON COLUMN journeys.n_strong_negative IS 'Of those, mentions of strength -2.';
COMMENT ON COLUMN journeys.net_sentiment IS '(n_positive - n_negative) / n_mentions, -1 to 1; null where only an agent speaks.';
COMMENT ON COLUMN journeys.moments IS 'Moments that the customer speaks of, with ", " between.';
COMMENT ON COLUMN journeys.is_escalated IS 'Whether the customer says that a tense situation was made worse, or threatens.';
COMMENT ON COLUMN journeys.is_defused IS 'Whether the customer says that a tense situation was calmed.';
COMMENT ON COLUMN journeys.days_to_churn IS 'Days to the person''s next later piece with a churn signal; null when there is none.';
