-- Question: in which places is each soft quality shown, and in which is it missing?
-- Grain:    one row per place and unmeasurable reported there, over all that is stored; location null where none was given.
-- Reader:   an area manager.
--
-- As in unmeasurables.sql. By month: FROM unmeasurables_by('month', 'location').

CREATE OR REPLACE VIEW unmeasurables_by_location AS
SELECT
    location,
    unmeasurable,
    n_feedback,
    n_feedback_shown,
    n_feedback_missing,
    n_feedback_neither,
    corrected_shown_share,
    corrected_shown_share_low,
    corrected_shown_share_high,
    corrected_missing_share,
    corrected_missing_share_low,
    corrected_missing_share_high,
    corrected_no_opportunity_share,
    corrected_no_opportunity_share_low,
    corrected_no_opportunity_share_high,
    method,
    n_shown,
    n_missing,
    n_customers,
    balance,
    balance_low,
    balance_high
FROM unmeasurables_by('all', 'location')
ORDER BY location, unmeasurable;

COMMENT ON VIEW unmeasurables_by_location IS 'One row per place and unmeasurable: shown, missing and no opportunity, as corrected shares of the feedback. Customers'' lines, no duplicates.';
COMMENT ON COLUMN unmeasurables_by_location.location IS 'Branch or place as the source gave it; null where none was given.';
COMMENT ON COLUMN unmeasurables_by_location.unmeasurable IS 'Id of the soft quality: friendliness, helpfulness, understanding, listening, comfort, trust, defusing, affinity.';
COMMENT ON COLUMN unmeasurables_by_location.n_feedback IS 'Pieces of feedback with a customer''s words: the denominator of the shares.';
COMMENT ON COLUMN unmeasurables_by_location.n_feedback_shown IS 'Of those, pieces in which model or rules are sure that it was shown (+).';
COMMENT ON COLUMN unmeasurables_by_location.n_feedback_missing IS 'Pieces in which they are sure that it was missing (-).';
COMMENT ON COLUMN unmeasurables_by_location.n_feedback_neither IS 'Pieces in which it is neither.';
COMMENT ON COLUMN unmeasurables_by_location.corrected_shown_share IS 'Share of n_feedback in which it was shown, corrected for the model''s errors, 0 to 1.';
COMMENT ON COLUMN unmeasurables_by_location.corrected_shown_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_location.corrected_shown_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_location.corrected_missing_share IS 'Share in which it was missing, corrected, 0 to 1.';
COMMENT ON COLUMN unmeasurables_by_location.corrected_missing_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_location.corrected_missing_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_location.corrected_no_opportunity_share IS 'Share in which it was neither: no opportunity to show it, or none reported.';
COMMENT ON COLUMN unmeasurables_by_location.corrected_no_opportunity_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_location.corrected_no_opportunity_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_location.method IS 'adjusted count, or raw (not corrected: no errors are known); docs/counts.md.';
COMMENT ON COLUMN unmeasurables_by_location.n_shown IS 'Mentions in which it was shown (+).';
COMMENT ON COLUMN unmeasurables_by_location.n_missing IS 'Mentions in which it was missing or violated (-).';
COMMENT ON COLUMN unmeasurables_by_location.n_customers IS 'Different people behind both.';
COMMENT ON COLUMN unmeasurables_by_location.balance IS '(n_shown - n_missing) / (n_shown + n_missing), -1 to 1; null without mentions.';
COMMENT ON COLUMN unmeasurables_by_location.balance_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_location.balance_high IS 'Upper end of its 95 % interval.';
