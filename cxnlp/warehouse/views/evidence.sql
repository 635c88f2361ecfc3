-- Question: who said what, where, when, about which moment, and how did they feel?
-- Grain:    one row per mention and settled tag (sentiment is a column); a mention without tags has one row, family null.
-- Reader:   an analyst who looks for quotes, and every view that counts.
--
-- Duplicates are left out. Agents' lines are in: `speaker` says so; views that count customers' feelings leave them out.
-- `context` is cut from the text by its own punctuation, so that it costs nothing for rows that are not asked for.

CREATE OR REPLACE VIEW evidence AS
WITH
originals AS (
    SELECT
        *,
        utc_day(occurred_at) AS occurred_on,
        coalesce(customer_key, author_key, feedback_id) AS person_key
    FROM feedback
    WHERE duplicate_of IS NULL
),
feelings AS (
    SELECT mention_id, CAST(label AS INTEGER) AS sentiment, coalesce(score, CAST(label AS INTEGER) / 2) AS score
    FROM settled
    WHERE family = 'sentiment'
),
topics AS (
    SELECT * FROM settled WHERE family <> 'sentiment'
),
stages AS (
    SELECT family, id AS label, stage FROM taxonomy WHERE family = 'moment'
)
SELECT
    mentions.mention_id,
    mentions.feedback_id,
    originals.occurred_at,
    originals.occurred_on,
    CAST(date_trunc('week', originals.occurred_on) AS DATE) AS week,
    originals.channel,
    originals.source,
    originals.language,
    originals.product,
    originals.location,
    originals.segment,
    originals.rating,
    originals.person_key,
    mentions.speaker,
    stages.stage,
    topics.family,
    topics.label,
    topics.polarity,
    topics.probability,
    topics.decision,
    topics.voter,
    feelings.sentiment,
    CAST(feelings.score AS DOUBLE) AS sentiment_score,
    mentions.text AS quote,
    trim(concat(
        sentence_before(originals.text, mentions."start"),
        mentions.text,
        sentence_after(originals.text, mentions."end")
    )) AS context,
    substring(originals.text, topics.evidence_start + 1, topics.evidence_end - topics.evidence_start) AS evidence,
    originals.external_id
FROM mentions
JOIN originals USING (feedback_id)
LEFT JOIN feelings USING (mention_id)
LEFT JOIN topics USING (mention_id)
LEFT JOIN stages USING (family, label);

COMMENT ON VIEW evidence IS 'One row per mention and settled tag, with quote, context and sentiment; a mention without tags has one row with family null. Duplicates are left out.';
COMMENT ON COLUMN evidence.mention_id IS 'The mention: a sentence, or a clause of one.';
COMMENT ON COLUMN evidence.feedback_id IS 'The letter, call or post it is part of.';
COMMENT ON COLUMN evidence.occurred_at IS 'When the customer wrote or spoke, UTC.';
COMMENT ON COLUMN evidence.occurred_on IS 'Its day, UTC.';
COMMENT ON COLUMN evidence.week IS 'The Monday of its week.';
COMMENT ON COLUMN evidence.language IS 'ISO 639-1 code.';
COMMENT ON COLUMN evidence.segment IS 'Kind of customer as the source gave it, such as business.';
COMMENT ON COLUMN evidence.speaker IS 'customer, agent, or null (the customer). Leave agents out when counting feelings.';
COMMENT ON COLUMN evidence.stage IS 'Moments: the ABACUS stage.';
COMMENT ON COLUMN evidence.family IS 'moment, unmeasurable, warning or signal; null for a mention without tags.';
COMMENT ON COLUMN evidence.label IS 'Which one; the table taxonomy says what it means.';
COMMENT ON COLUMN evidence.probability IS 'Calibrated probability of the tag, 0 to 1.';
COMMENT ON COLUMN evidence.decision IS 'yes, or unsure (too close to call, not counted in numbers).';
COMMENT ON COLUMN evidence.voter IS 'Who said so: person, rule or model.';
COMMENT ON COLUMN evidence.sentiment_score IS 'Expected value of the sentiment, -1 to 1.';
COMMENT ON COLUMN evidence.context IS 'The quote with the sentence before and after it.';
COMMENT ON COLUMN evidence.evidence IS 'The words that carry the tag.';
COMMENT ON COLUMN evidence.external_id IS 'Id in the source, to find the original there.';
