-- Question: what do customers wish for that they do not get, ranked by people and not by words?
-- Grain:    one row per theme of wishes; wishes of no theme have one row per moment, and one about no moment.
-- Reader:   product management; whoever looks for unmet needs.
--
-- A wish is a customer's mention of the signal suggestion. It counts once here, in its theme or else in the first of its
-- moments, by the moment's probability.

CREATE OR REPLACE VIEW wishes AS
WITH
wished AS (
    SELECT DISTINCT mention_id, person_key, occurred_on, quote, probability
    FROM evidence
    WHERE family = 'signal' AND label = 'suggestion' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
),
about AS (
    SELECT mention_id, label AS moment
    FROM evidence
    WHERE family = 'moment' AND decision = 'yes' AND mention_id IN (SELECT mention_id FROM wished)
    QUALIFY row_number() OVER (PARTITION BY mention_id ORDER BY probability DESC, label) = 1
),
themed AS (
    SELECT mention_id, theme_id, name, similarity FROM theme_evidence WHERE ground = 'signal.suggestion'
),
placed AS (
    SELECT
        theme_id,
        CASE WHEN theme_id IS NULL THEN moment END AS own_moment,
        moment, name, mention_id, person_key, occurred_on, quote,
        coalesce(similarity, probability) AS worth
    FROM wished
    LEFT JOIN about USING (mention_id)
    LEFT JOIN themed USING (mention_id)
),
voices AS (
    SELECT theme_id, own_moment, quote, worth, mention_id
    FROM placed
    QUALIFY row_number() OVER (PARTITION BY theme_id, own_moment, person_key ORDER BY worth DESC, mention_id) = 1
),
ranked AS (
    SELECT
        theme_id, own_moment, quote,
        row_number() OVER (PARTITION BY theme_id, own_moment ORDER BY worth DESC, mention_id) AS place
    FROM voices
),
best AS (
    SELECT
        theme_id, own_moment,
        any_value(quote) FILTER (place = 1) AS quote_1,
        any_value(quote) FILTER (place = 2) AS quote_2,
        any_value(quote) FILTER (place = 3) AS quote_3
    FROM ranked
    GROUP BY theme_id, own_moment
),
counts AS (
    SELECT
        theme_id,
        own_moment,
        any_value(name) AS wish,
        mode(moment ORDER BY moment) AS moment,
        count(*) AS n_mentions,
        count(DISTINCT person_key) AS n_customers,
        min(occurred_on) AS first_on,
        max(occurred_on) AS last_on
    FROM placed
    GROUP BY theme_id, own_moment
)
SELECT
    counts.wish,
    counts.theme_id,
    counts.moment,
    counts.n_customers,
    counts.n_mentions,
    counts.first_on,
    counts.last_on,
    best.quote_1,
    best.quote_2,
    best.quote_3
FROM counts
JOIN best
    ON best.theme_id IS NOT DISTINCT FROM counts.theme_id AND best.own_moment IS NOT DISTINCT FROM counts.own_moment
ORDER BY counts.theme_id IS NULL, counts.n_customers DESC, counts.n_mentions DESC, counts.theme_id, counts.moment;

COMMENT ON VIEW wishes IS 'One row per theme of wishes (unmet needs), most people first; then wishes of no theme, by moment. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN wishes.wish IS 'Name of the theme; null where its people share no telling word, and for wishes of no theme.';
COMMENT ON COLUMN wishes.theme_id IS 'The theme; null for wishes of no theme.';
COMMENT ON COLUMN wishes.moment IS 'Moment that most of them are about; null: about none.';
COMMENT ON COLUMN wishes.n_customers IS 'Different people who wish for it.';
COMMENT ON COLUMN wishes.n_mentions IS 'Mentions of it.';
COMMENT ON COLUMN wishes.first_on IS 'Day of the first wish.';
COMMENT ON COLUMN wishes.last_on IS 'Day of the latest wish.';
COMMENT ON COLUMN wishes.quote_1 IS 'The most typical wish, masked.';
COMMENT ON COLUMN wishes.quote_2 IS 'The next, of another person.';
COMMENT ON COLUMN wishes.quote_3 IS 'The third, of yet another person.';
