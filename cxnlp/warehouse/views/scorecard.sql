-- Question: what can feedback say about the twelve statements of the service experience scorecard, and which way does it go?
-- Grain:    one row per statement, those that feedback cannot answer too.
-- Reader:   a head of service; `cxnlp scorecard`.
--
-- A mention speaks for or against a statement as cxnlp/taxonomy/scorecard.yaml says: by the feeling of a moment, the sign of
-- a soft quality, a warning or a signal. A customer who says both counts on both sides. Of the people who speak on either
-- side, the balance is the share for less the share against; it is answered where its 95 % interval leaves out 0. (Who says
-- both moves neither side of it: n - q say only for, n - p only against.)

CREATE OR REPLACE VIEW scorecard AS
WITH
said AS (
    SELECT
        feedback_id, person_key, family, label,
        coalesce(polarity, '') AS sign,
        n_positive,
        n_negative,
        occurred_on BETWEEN first_on AND last_on AS is_recent
    FROM counted_labels
    JOIN recent_weeks ON occurred_on BETWEEN before_first_on AND last_on
    WHERE speaker = 'customer' AND n_mentions > 0
),
voices AS (
    SELECT
        statement, person_key, is_recent,
        bool_or(CASE side WHEN 'for' THEN true WHEN 'feeling' THEN n_positive > 0 ELSE false END) AS is_for,
        bool_or(CASE side WHEN 'against' THEN true WHEN 'feeling' THEN n_negative > 0 ELSE false END) AS is_against
    FROM statements
    JOIN said
        ON said.family = statements.family AND said.label = statements.label AND said.sign = coalesce(statements.polarity, '')
    GROUP BY statement, person_key, is_recent
),
counts AS (
    SELECT
        statement,
        count(*) FILTER (is_recent AND is_for) AS p,
        count(*) FILTER (is_recent AND is_against) AS q,
        count(*) FILTER (is_recent) AS n,
        count(*) FILTER (NOT is_recent AND is_for) AS p_before,
        count(*) FILTER (NOT is_recent AND is_against) AS q_before,
        count(*) FILTER (NOT is_recent) AS n_before
    FROM voices
    WHERE is_for OR is_against
    GROUP BY statement
),
asked AS (
    SELECT
        question_position, question, position, statement, any_value(statements.words) AS words,
        any_value(cannot_tell) AS cannot_tell
    FROM statements
    GROUP BY question_position, question, position, statement
),
balances AS (
    SELECT
        asked.*,
        CASE WHEN cannot_tell IS NULL THEN coalesce(p, 0) END AS p,
        CASE WHEN cannot_tell IS NULL THEN coalesce(q, 0) END AS q,
        CASE WHEN cannot_tell IS NULL THEN coalesce(n, 0) END AS n,
        (p - q) / nullif(n, 0) AS balance,
        net_low(n - q, n - p, n) AS balance_low,
        net_high(n - q, n - p, n) AS balance_high,
        (p_before - q_before) / nullif(n_before, 0) AS balance_before,
        net_low(n_before - q_before, n_before - p_before, n_before) AS low_before,
        net_high(n_before - q_before, n_before - p_before, n_before) AS high_before
    FROM asked
    LEFT JOIN counts USING (statement)
),
changes AS (
    SELECT
        *,
        balance - balance_before AS change,
        difference_low(balance, balance_low, balance_before, high_before) AS change_low,
        difference_high(balance, balance_high, balance_before, low_before) AS change_high
    FROM balances
)
SELECT
    question,
    statement,
    words,
    CASE
        WHEN cannot_tell IS NOT NULL THEN 'feedback cannot tell'
        WHEN balance_low > 0 THEN 'yes'
        WHEN balance_high < 0 THEN 'no'
        WHEN n > 0 THEN 'undecided'
        ELSE 'nothing heard'
    END AS answer,
    cannot_tell,
    n AS n_customers,
    p AS n_customers_for,
    q AS n_customers_against,
    balance,
    balance_low,
    balance_high,
    balance_before,
    change,
    change_low,
    change_high,
    CASE WHEN change_low > 0 THEN 'better' WHEN change_high < 0 THEN 'worse' WHEN change IS NOT NULL THEN 'steady' END AS trend_word
FROM changes
ORDER BY question_position, position;

COMMENT ON VIEW scorecard IS 'One row per statement of the service experience scorecard: how many people''s words of the last eight weeks speak for and against it, and whether that changed.';
COMMENT ON COLUMN scorecard.answer IS 'yes, no, undecided (the interval holds 0), nothing heard, or feedback cannot tell.';
COMMENT ON COLUMN scorecard.n_customers IS 'Different people who speak for or against it.';
COMMENT ON COLUMN scorecard.n_customers_for IS 'Of those, people who speak for it.';
COMMENT ON COLUMN scorecard.n_customers_against IS 'Of those, people who speak against it; some do both.';
COMMENT ON COLUMN scorecard.balance IS '(n_customers_for - n_customers_against) / n_customers, -1 to 1.';
COMMENT ON COLUMN scorecard.balance_before IS 'The balance of the eight weeks before.';
COMMENT ON COLUMN scorecard.change IS 'balance less balance_before, -2 to 2.';
COMMENT ON COLUMN scorecard.trend_word IS 'better or worse where that interval leaves out 0, else steady; null without feedback in both.';
