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
COMMENT ON COLUMN drivers.stage IS 'Moments: the ABACUS stage.';
COMMENT ON COLUMN drivers.family IS 'moment or unmeasurable.';
COMMENT ON COLUMN drivers.n_customers IS 'Different people of the days looked at who speak of it.';
COMMENT ON COLUMN drivers.n_customers_all IS 'Different people of those days whose outcome is known.';
COMMENT ON COLUMN drivers.feeling IS 'Mean feeling of the texts that speak of it, -1 (all bad, missing) to 1 (all good, shown).';
