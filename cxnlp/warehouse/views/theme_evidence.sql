-- Question: what did people say in each theme, in their own words?
-- Grain:    one row per theme that is alive and mention that belongs to it.
-- Reader:   an analyst who reads what is behind a theme; the other views of themes.

CREATE OR REPLACE VIEW theme_evidence AS
WITH
alive AS (
    SELECT theme_id, ground, family, label, name FROM themes WHERE state = 'alive'
),
belonging AS (
    SELECT mention_id, ground, theme_id, similarity FROM theme_mentions WHERE theme_id IS NOT NULL
),
feelings AS (
    SELECT mention_id, CAST(label AS INTEGER) AS sentiment FROM settled WHERE family = 'sentiment'
)
SELECT
    theme_id,
    alive.ground,
    alive.family,
    alive.label,
    alive.name,
    mention_id,
    feedback_id,
    utc_day(occurred_at) AS occurred_on,
    CAST(date_trunc('week', utc_day(occurred_at)) AS DATE) AS week,
    channel,
    source,
    product,
    location,
    coalesce(customer_key, author_key, feedback_id) AS person_key,
    sentiment,
    similarity,
    mentions.text AS quote
FROM belonging
JOIN alive USING (theme_id)
JOIN mentions USING (mention_id)
JOIN feedback USING (feedback_id)
LEFT JOIN feelings USING (mention_id)
WHERE duplicate_of IS NULL;

COMMENT ON VIEW theme_evidence IS 'One row per living theme and mention that belongs to it, with the quote. Customers'' lines, no duplicates.';
COMMENT ON COLUMN theme_evidence.theme_id IS 'The theme.';
COMMENT ON COLUMN theme_evidence.ground IS 'Where the mention was found: moment.delivery and the like, signal.suggestion (wishes), or outside (about no moment).';
COMMENT ON COLUMN theme_evidence.family IS 'moment or signal; null outside every moment.';
COMMENT ON COLUMN theme_evidence.label IS 'Id in the table taxonomy; null outside every moment.';
COMMENT ON COLUMN theme_evidence.name IS 'The theme''s name; null where its people share no telling word.';
COMMENT ON COLUMN theme_evidence.mention_id IS 'The mention.';
COMMENT ON COLUMN theme_evidence.feedback_id IS 'The letter, call or post it is part of.';
COMMENT ON COLUMN theme_evidence.occurred_on IS 'Day of the feedback, UTC.';
COMMENT ON COLUMN theme_evidence.week IS 'The Monday of its week.';
COMMENT ON COLUMN theme_evidence.similarity IS 'Mean cosine with the theme''s members when it joined: the higher, the more typical.';
