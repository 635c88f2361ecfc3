-- Question: what do people talk about within each moment, in their wishes, and outside every moment?
-- Grain:    one row per theme that is alive and has a mention.
-- Reader:   an owner of a moment; an analyst who looks for what nobody has thought of.
--
-- Quotes are the most typical ones, of different people. A theme of nobody's words but one group's is not here by itself:
-- the night lets a theme of fewer than least_group people end, unless a person has pinned it.

CREATE OR REPLACE VIEW themes_all AS
WITH
counts AS (
    SELECT
        theme_id,
        count(*) AS n_mentions,
        count(DISTINCT person_key) AS n_customers,
        count(*) FILTER (sentiment > 0) AS n_positive,
        count(*) FILTER (sentiment < 0) AS n_negative,
        min(occurred_on) AS first_on,
        max(occurred_on) AS last_on
    FROM theme_evidence
    GROUP BY theme_id
),
voices AS (
    SELECT theme_id, quote, similarity, mention_id
    FROM theme_evidence
    QUALIFY row_number() OVER (PARTITION BY theme_id, person_key ORDER BY similarity DESC NULLS LAST, mention_id) = 1
),
quotes AS (
    SELECT theme_id, quote, row_number() OVER (PARTITION BY theme_id ORDER BY similarity DESC NULLS LAST, mention_id) AS place
    FROM voices
),
best AS (
    SELECT
        theme_id,
        any_value(quote) FILTER (place = 1) AS quote_1,
        any_value(quote) FILTER (place = 2) AS quote_2,
        any_value(quote) FILTER (place = 3) AS quote_3
    FROM quotes
    WHERE place <= 3
    GROUP BY theme_id
)
SELECT
    themes.ground,
    themes.label,
    themes.theme_id,
    themes.name,
    themes.is_named,
    themes.is_pinned,
    counts.n_mentions,
    counts.n_customers,
    (n_positive - n_negative) / counts.n_mentions AS net_sentiment,
    net_low(n_positive, n_negative, counts.n_mentions) AS net_sentiment_low,
    net_high(n_positive, n_negative, counts.n_mentions) AS net_sentiment_high,
    themes.born_on,
    counts.first_on,
    counts.last_on,
    best.quote_1,
    best.quote_2,
    best.quote_3
FROM themes
JOIN counts USING (theme_id)
LEFT JOIN best USING (theme_id)
ORDER BY themes.ground, counts.n_customers DESC, themes.theme_id;

COMMENT ON VIEW themes_all IS 'One row per living theme over all that is stored, with its three most typical quotes. Customers'' lines, no duplicates.';
COMMENT ON COLUMN themes_all.ground IS 'Where it was found: moment.delivery and the like, signal.suggestion (wishes), or outside (about no moment).';
COMMENT ON COLUMN themes_all.label IS 'Id of the moment or signal; null outside every moment.';
COMMENT ON COLUMN themes_all.theme_id IS 'The theme; the same from night to night.';
COMMENT ON COLUMN themes_all.name IS 'Its most distinctive words, or what a person named it; null where its people share no telling word.';
COMMENT ON COLUMN themes_all.is_pinned IS 'Whether a person pinned it.';
COMMENT ON COLUMN themes_all.n_mentions IS 'Mentions that belong to it.';
COMMENT ON COLUMN themes_all.net_sentiment IS 'Share of positive minus share of negative mentions, -1 to 1.';
COMMENT ON COLUMN themes_all.first_on IS 'Day of its first mention.';
COMMENT ON COLUMN themes_all.last_on IS 'Day of its latest mention.';
COMMENT ON COLUMN themes_all.quote_1 IS 'Its most typical mention, masked.';
COMMENT ON COLUMN themes_all.quote_2 IS 'The next, of another person.';
COMMENT ON COLUMN themes_all.quote_3 IS 'The third, of yet another person.';
