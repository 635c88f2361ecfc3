-- Question: which customers speak up for the company, and what do they praise?
-- Grain:    one row per person (pseudonym) with at least one sure champion signal.
-- Reader:   whoever looks after loyal customers; an analyst of what makes champions.
--
-- Praised is what the person speaks well of anywhere: moments of positive mentions and soft qualities shown, the most
-- frequent first. The view champions is about the employees whom customers praise.

CREATE OR REPLACE VIEW champion_customers AS
WITH
said AS (
    SELECT mention_id, person_key, occurred_on, channel, family, label, polarity, sentiment, sentiment_score, quote
    FROM evidence
    WHERE decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
),
championing AS (
    SELECT * FROM said WHERE family = 'signal' AND label = 'champion'
),
praise AS (
    SELECT person_key, label, count(*) AS n
    FROM said
    WHERE person_key IN (SELECT person_key FROM championing)
        AND ((family = 'moment' AND sentiment > 0) OR (family = 'unmeasurable' AND polarity = '+'))
    GROUP BY person_key, label
),
praised AS (
    SELECT person_key, string_agg(label, ', ' ORDER BY place) AS praised
    FROM (SELECT person_key, label, row_number() OVER (PARTITION BY person_key ORDER BY n DESC, label) AS place FROM praise)
    WHERE place <= 3
    GROUP BY person_key
)
SELECT
    person_key,
    praised.praised,
    count(*) AS n_mentions,
    string_agg(DISTINCT channel, ', ' ORDER BY channel) AS channels,
    min(occurred_on) AS first_on,
    max(occurred_on) AS last_on,
    first(quote ORDER BY length(quote) >= 40 DESC, sentiment DESC, sentiment_score DESC NULLS LAST, mention_id) AS best_quote
FROM championing
LEFT JOIN praised USING (person_key)
GROUP BY person_key, praised.praised
ORDER BY n_mentions DESC, last_on DESC, person_key;

COMMENT ON VIEW champion_customers IS 'One row per customer (pseudonym) who recommends, praises by name, is loyal for years or defends the company. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN champion_customers.praised IS 'Up to three moments and unmeasurables that the person speaks well of, the most frequent first.';
COMMENT ON COLUMN champion_customers.n_mentions IS 'Mentions that carry the signal champion.';
COMMENT ON COLUMN champion_customers.channels IS 'Channels in which it was said.';
COMMENT ON COLUMN champion_customers.first_on IS 'Day of the first.';
COMMENT ON COLUMN champion_customers.last_on IS 'Day of the latest.';
COMMENT ON COLUMN champion_customers.best_quote IS 'The strongest of at least 40 characters, where there is one; masked.';
