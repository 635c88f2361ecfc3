-- Question: after all voters have spoken, what is said about each mention?
-- Grain:    one row per mention, family, label and polarity; one per mention for sentiment.
-- Reader:   the other views; an analyst who asks who said so.
--
-- The one place where votes settle:
--   * a person beats rule and model: on the label that the person judged (whichever polarity), on the whole sentiment;
--     a person's "no" takes the label away;
--   * a rule's yes beats a model's silence and a model's "unsure"; where both are sure the model speaks;
--   * the row is the winner's: its probability, evidence and decision.
-- Duplicates of other feedback are left out.

CREATE OR REPLACE VIEW settled AS
WITH
copies AS (
    SELECT mentions.mention_id
    FROM mentions JOIN feedback USING (feedback_id)
    WHERE feedback.duplicate_of IS NOT NULL
),
votes AS (
    SELECT
        mention_id, family, label, polarity, probability, decision, voter, evidence_start, evidence_end, score,
        CASE family WHEN 'sentiment' THEN '' ELSE label END AS subject,
        coalesce(polarity, '') AS sign
    FROM tags
    WHERE mention_id NOT IN (FROM copies)
),
persons AS (
    SELECT *
    FROM votes
    WHERE voter = 'person'
    QUALIFY row_number() OVER (
        PARTITION BY mention_id, family, subject, CASE family WHEN 'sentiment' THEN '' ELSE sign END
        ORDER BY CASE decision WHEN 'yes' THEN 1 WHEN 'unsure' THEN 2 ELSE 3 END, label
    ) = 1
),
machines AS (
    SELECT * FROM votes ANTI JOIN persons USING (mention_id, family, subject)
    WHERE votes.voter <> 'person'
),
rules AS (
    SELECT * FROM machines WHERE voter = 'rule'
),
models AS (
    SELECT * FROM machines WHERE voter = 'model'
),
spoken AS (
    SELECT models.mention_id, models.family, models.subject, models.sign, models.decision
    FROM models SEMI JOIN rules USING (mention_id, family, subject)
),
rules_heard AS (
    SELECT * FROM rules
    ANTI JOIN spoken
        ON rules.mention_id = spoken.mention_id AND rules.family = spoken.family AND rules.subject = spoken.subject
        AND rules.sign = spoken.sign AND (spoken.decision = 'yes' OR rules.decision <> 'yes')
),
winners AS (
    SELECT * FROM persons WHERE decision <> 'no'
    UNION ALL
    SELECT * FROM rules_heard
    UNION ALL
    SELECT * FROM models ANTI JOIN rules_heard USING (mention_id, family, subject, sign)
)
SELECT mention_id, family, label, polarity, probability, decision, voter, evidence_start, evidence_end, score
FROM winners;

COMMENT ON VIEW settled IS 'One row per mention, family, label and polarity after voters are settled: a person beats rule and model, a rule''s yes beats a model''s silence.';
COMMENT ON COLUMN settled.mention_id IS 'The mention.';
COMMENT ON COLUMN settled.family IS 'moment, sentiment, unmeasurable, warning or signal.';
COMMENT ON COLUMN settled.label IS 'Id in the table taxonomy; for sentiment the strength from -2 to 2.';
COMMENT ON COLUMN settled.polarity IS '+ (shown) or - (missing) for unmeasurables, else null.';
COMMENT ON COLUMN settled.probability IS 'The winner''s calibrated probability, 0 to 1.';
COMMENT ON COLUMN settled.decision IS 'yes, or unsure (too close to call, not counted in numbers).';
COMMENT ON COLUMN settled.voter IS 'Who won: person, rule or model.';
COMMENT ON COLUMN settled.evidence_start IS 'First character in feedback.text of the words that carry the decision.';
COMMENT ON COLUMN settled.evidence_end IS 'One past the last character of those words.';
COMMENT ON COLUMN settled.score IS 'Sentiment only: the expected value, -1 to 1; null where a person judged.';
