-- Question: what did customers say day by day, in how much of the feedback, and how did it feel?
-- Grain:    one row per day and label that was said in it.
-- Reader:   a dashboard; an analyst who compares days.
--
-- Shares, intervals and people: counts.sql. Other groupings: FROM counts_by('moment', 'day', 'channel, product').

CREATE OR REPLACE VIEW labels_by_day AS
SELECT
    starts_on,
    family,
    label,
    polarity,
    name,
    n_feedback,
    n_feedback_reporting,
    raw_share,
    corrected_share,
    corrected_share_low,
    corrected_share_high,
    method,
    n_customers_all,
    n_customers,
    n_mentions,
    n_positive,
    n_negative,
    n_strong_negative,
    net_sentiment,
    net_sentiment_low,
    net_sentiment_high,
    negative_share,
    negative_share_low,
    negative_share_high
FROM counts_by('all', 'day', '')
ORDER BY starts_on, family, label, polarity;

COMMENT ON VIEW labels_by_day IS 'One row per day and label: in how much of the feedback it was said, corrected for the model''s errors, and how it felt. Customers'' lines, no duplicates.';
COMMENT ON COLUMN labels_by_day.starts_on IS 'The day.';
COMMENT ON COLUMN labels_by_day.family IS 'moment, unmeasurable, warning or signal.';
COMMENT ON COLUMN labels_by_day.label IS 'Id in the table taxonomy.';
COMMENT ON COLUMN labels_by_day.polarity IS '+ (shown) or - (missing) for unmeasurables, else null.';
COMMENT ON COLUMN labels_by_day.name IS 'The label in plain English.';
COMMENT ON COLUMN labels_by_day.n_feedback IS 'Pieces of feedback with a customer''s words: the denominator of the shares.';
COMMENT ON COLUMN labels_by_day.n_feedback_reporting IS 'Of those, pieces in which model or rules are sure of it: the numerator. What persons judged is left out.';
COMMENT ON COLUMN labels_by_day.raw_share IS 'n_feedback_reporting / n_feedback, 0 to 1: what the model counts, errors and all.';
COMMENT ON COLUMN labels_by_day.corrected_share IS 'The share corrected for the model''s errors, 0 to 1.';
COMMENT ON COLUMN labels_by_day.corrected_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN labels_by_day.corrected_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN labels_by_day.method IS 'adjusted count, or raw (not corrected: no errors are known); docs/counts.md.';
COMMENT ON COLUMN labels_by_day.n_customers_all IS 'Different people behind n_feedback.';
COMMENT ON COLUMN labels_by_day.n_customers IS 'Different people behind the mentions; do not add them up over rows.';
COMMENT ON COLUMN labels_by_day.n_mentions IS 'Mentions that carry it once votes are settled.';
COMMENT ON COLUMN labels_by_day.n_positive IS 'Mentions of strength 1 or 2.';
COMMENT ON COLUMN labels_by_day.n_negative IS 'Mentions of strength -1 or -2.';
COMMENT ON COLUMN labels_by_day.n_strong_negative IS 'Mentions of strength -2.';
COMMENT ON COLUMN labels_by_day.net_sentiment IS 'Share of positive minus share of negative mentions, -1 to 1; null without mentions.';
COMMENT ON COLUMN labels_by_day.net_sentiment_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN labels_by_day.net_sentiment_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN labels_by_day.negative_share IS 'Share of negative mentions (-2 and -1), 0 to 1; null without mentions.';
COMMENT ON COLUMN labels_by_day.negative_share_low IS 'Lower end of its 95 % Wilson interval.';
COMMENT ON COLUMN labels_by_day.negative_share_high IS 'Upper end of its 95 % Wilson interval.';
