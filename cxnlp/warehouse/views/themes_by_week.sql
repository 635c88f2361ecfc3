-- Question: which themes grow, and which fade?
-- Grain:    one row per theme that is alive and week with at least one mention of it.
-- Reader:   an analyst who compares weeks.

CREATE OR REPLACE VIEW themes_by_week AS
SELECT
    week,
    ground,
    theme_id,
    any_value(name) AS name,
    count(*) AS n_mentions,
    count(DISTINCT person_key) AS n_customers,
    (count(*) FILTER (sentiment > 0) - count(*) FILTER (sentiment < 0)) / count(*) AS net_sentiment,
    net_low(count(*) FILTER (sentiment > 0), count(*) FILTER (sentiment < 0), count(*)) AS net_sentiment_low,
    net_high(count(*) FILTER (sentiment > 0), count(*) FILTER (sentiment < 0), count(*)) AS net_sentiment_high
FROM theme_evidence
GROUP BY week, ground, theme_id
ORDER BY week, ground, theme_id;

COMMENT ON VIEW themes_by_week IS 'One row per living theme and week. Customers'' lines, no duplicates.';
COMMENT ON COLUMN themes_by_week.ground IS 'Where it was found: moment.delivery and the like, signal.suggestion (wishes), or outside (about no moment).';
COMMENT ON COLUMN themes_by_week.theme_id IS 'The theme.';
COMMENT ON COLUMN themes_by_week.name IS 'Its name; null where its people share no telling word.';
COMMENT ON COLUMN themes_by_week.n_mentions IS 'Mentions of the week.';
COMMENT ON COLUMN themes_by_week.net_sentiment IS 'Share of positive minus share of negative mentions, -1 to 1.';
