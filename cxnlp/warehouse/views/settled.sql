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

-- Rules and persons are few beside the model: the model's votes are read once and held against small sets.

CREATE OR REPLACE VIEW settled AS
WITH
votes AS NOT MATERIALIZED (
    SELECT
        mention_id, family, label, polarity, probability, decision, voter, evidence_start, evidence_end, score,
        CASE family WHEN 'sentiment' THEN '' ELSE label END AS subject,
        coalesce(polarity, '') AS sign
    FROM tags
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
rules AS (
    SELECT * FROM votes ANTI JOIN persons USING (mention_id, family, subject)
    WHERE votes.voter = 'rule'
),
models AS NOT MATERIALIZED (
    SELECT * FROM votes ANTI JOIN persons USING (mention_id, family, subject)
    WHERE votes.voter = 'model'
),
met AS (
    SELECT mention_id, family, subject, sign, decision
    FROM votes SEMI JOIN rules USING (mention_id, family, subject, sign)
    WHERE votes.voter = 'model'
),
silenced AS (
    SELECT mention_id, family, subject, sign, 'unsure' AS decision FROM met
    UNION ALL
    SELECT mention_id, family, subject, sign, 'yes' AS decision FROM met WHERE decision = 'yes'
),
rules_heard AS (
    SELECT * FROM rules ANTI JOIN silenced USING (mention_id, family, subject, sign, decision)
),
winners AS (
    SELECT * FROM persons WHERE decision <> 'no'
    UNION ALL
    SELECT * FROM rules_heard
    UNION ALL
    SELECT * FROM models ANTI JOIN rules_heard USING (mention_id, family, subject, sign)
),
copies AS (
    SELECT mentions.mention_id
    FROM mentions JOIN feedback USING (feedback_id)
    WHERE feedback.duplicate_of IS NOT NULL
)
SELECT mention_id, family, label, polarity, probability, decision, voter, evidence_start, evidence_end, score
FROM winners ANTI JOIN copies USING (mention_id);

COMMENT ON VIEW settled IS 'One row per mention, family, label and polarity after voters are settled: a person beats rule and model, a rule''s yes beats a model''s silence.';
COMMENT ON COLUMN settled.mention_id IS 'The mention.';
COMMENT ON COLUMN settled.family IS 'moment, sentiment, unmeasurable, warning or signal.';
COMMENT ON COLUMN settled.label IS 'Id in the table taxonomy; for sentiment the strength from -2 to 2.';
COMMENT ON COLUMN settled.probability IS 'The winner''s calibrated probability, 0 to 1.';
COMMENT ON COLUMN settled.decision IS 'yes, or unsure (too close to call, not counted in numbers).';
COMMENT ON COLUMN settled.voter IS 'Who won: person, rule or model.';
COMMENT ON COLUMN settled.score IS 'Sentiment only: the expected value, -1 to 1; null where a person judged.';
