-- Question: which moments and soft qualities move ratings, champions and leaving customers, and by how much?
-- Grain:    one row per outcome and moment or unmeasurable of which enough people speak; the most explaining first.
-- Reader:   a head of service; `cxnlp drivers`.
--
-- An effect of a model's tags is closer to 0 than the true one, because tags err: read it as "at least". What moves
-- together may share a cause that nobody wrote about: a driver is where to look, not a proof.

CREATE OR REPLACE VIEW drivers AS
WITH
words AS (
    SELECT family, id AS label, name, stage FROM taxonomy
)
SELECT
    effects.outcome,
    words.stage,
    effects.family,
    effects.label,
    words.name,
    effects.n_customers,
    effects.n_customers_all,
    effects.feeling,
    effects.effect,
    effects.effect_low,
    effects.effect_high,
    effects.is_driver,
    effects.explained_share,
    effects.explained_share_low,
    effects.explained_share_high,
    effects.impact,
    effects.impact_low,
    effects.impact_high
FROM effects
LEFT JOIN words USING (family, label)
ORDER BY effects.outcome, effects.is_driver DESC, effects.explained_share DESC, effects.family, effects.label;

COMMENT ON VIEW drivers IS 'One row per outcome (rating, champion, churn) and moment or unmeasurable: what it does to the outcome, in points of 100, all others being equal.';
COMMENT ON COLUMN drivers.outcome IS 'rating (0 to 100 between the lowest and the highest of its source), champion or churn (100 for a text that carries the signal, else 0).';
COMMENT ON COLUMN drivers.stage IS 'Moments: the ABACUS stage.';
COMMENT ON COLUMN drivers.family IS 'moment or unmeasurable.';
COMMENT ON COLUMN drivers.label IS 'Id in the table taxonomy.';
COMMENT ON COLUMN drivers.name IS 'The label in plain English.';
COMMENT ON COLUMN drivers.n_customers IS 'Different people of the days looked at who speak of it.';
COMMENT ON COLUMN drivers.n_customers_all IS 'Different people of those days whose outcome is known.';
COMMENT ON COLUMN drivers.feeling IS 'Mean feeling of the texts that speak of it, -1 (all bad, missing) to 1 (all good, shown).';
COMMENT ON COLUMN drivers.effect IS 'Points of outcome from silence to a good word (and, downwards, to a bad one), all other causes being equal.';
COMMENT ON COLUMN drivers.effect_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN drivers.effect_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN drivers.is_driver IS 'Whether the effect is surely not 0; of all that are so called, one in twenty is not.';
COMMENT ON COLUMN drivers.explained_share IS 'Its share of the outcome''s variance, 0 to 1, correlated causes sharing fairly (Shapley).';
COMMENT ON COLUMN drivers.explained_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN drivers.explained_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN drivers.impact IS 'Points by which the mean outcome would change if it were felt as its family is on average.';
COMMENT ON COLUMN drivers.impact_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN drivers.impact_high IS 'Upper end of its 95 % interval.';
