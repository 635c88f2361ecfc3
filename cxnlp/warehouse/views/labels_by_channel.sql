-- Question: what did customers say by channel, month by month, in how much of the feedback, and how did it feel?
-- Grain:    one row per month, channel and label that was said there; channel null where none was given.
-- Reader:   one who asks whether channels tell different stories.
--
-- Shares, intervals and people: counts.sql. Other groupings: FROM counts_by('moment', 'week', 'channel, product').

CREATE OR REPLACE VIEW labels_by_channel AS
SELECT
    starts_on,
    channel,
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
FROM counts_by('all', 'month', 'channel')
ORDER BY starts_on, channel, family, label, polarity;

COMMENT ON VIEW labels_by_channel IS 'One row per month, channel and label: in how much of the feedback it was said, corrected for the model''s errors, and how it felt. Customers'' lines, no duplicates.';
COMMENT ON COLUMN labels_by_channel.starts_on IS 'The first of the month.';
COMMENT ON COLUMN labels_by_channel.channel IS 'letter, call or social.';
COMMENT ON COLUMN labels_by_channel.family IS 'moment, unmeasurable, warning or signal.';
COMMENT ON COLUMN labels_by_channel.label IS 'Id in the table taxonomy.';
COMMENT ON COLUMN labels_by_channel.polarity IS '+ (shown) or - (missing) for unmeasurables, else null.';
COMMENT ON COLUMN labels_by_channel.name IS 'The label in plain English.';
COMMENT ON COLUMN labels_by_channel.n_feedback IS 'Pieces of feedback with a customer''s words: the denominator of the shares.';
COMMENT ON COLUMN labels_by_channel.n_feedback_reporting IS 'Of those, pieces in which model or rules are sure of it: the numerator. What persons judged is left out.';
COMMENT ON COLUMN labels_by_channel.raw_share IS 'n_feedback_reporting / n_feedback, 0 to 1: what the model counts, errors and all.';
COMMENT ON COLUMN labels_by_channel.corrected_share IS 'The share corrected for the model''s errors, 0 to 1.';
COMMENT ON COLUMN labels_by_channel.corrected_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN labels_by_channel.corrected_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN labels_by_channel.method IS 'adjusted count, or raw (not corrected: no errors are known); docs/counts.md.';
COMMENT ON COLUMN labels_by_channel.n_customers_all IS 'Different people behind n_feedback.';
COMMENT ON COLUMN labels_by_channel.n_customers IS 'Different people behind the mentions; do not add them up over rows.';
COMMENT ON COLUMN labels_by_channel.n_mentions IS 'Mentions that carry it once votes are settled.';
COMMENT ON COLUMN labels_by_channel.n_positive IS 'Mentions of strength 1 or 2.';
COMMENT ON COLUMN labels_by_channel.n_negative IS 'Mentions of strength -1 or -2.';
COMMENT ON COLUMN labels_by_channel.n_strong_negative IS 'Mentions of strength -2.';
COMMENT ON COLUMN labels_by_channel.net_sentiment IS 'Share of positive minus share of negative mentions, -1 to 1; null without mentions.';
COMMENT ON COLUMN labels_by_channel.net_sentiment_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN labels_by_channel.net_sentiment_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN labels_by_channel.negative_share IS 'Share of negative mentions (-2 and -1), 0 to 1; null without mentions.';
COMMENT ON COLUMN labels_by_channel.negative_share_low IS 'Lower end of its 95 % Wilson interval.';
COMMENT ON COLUMN labels_by_channel.negative_share_high IS 'Upper end of its 95 % Wilson interval.';
