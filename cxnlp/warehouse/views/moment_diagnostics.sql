-- Question: how does each moment of truth stand, in fifteen numbers that its owner can act on?
-- Grain:    one row per moment in use, those of which nobody spoke in the last eight weeks too.
-- Reader:   the owner of a moment; `cxnlp moments`. docs/metrics.md says every formula in words.
--
-- Counted as in the other views: sure tags, customers' lines, no duplicates, in the weeks of recent_weeks. `spoken` has one
-- row per piece of feedback and moment that it speaks of.

CREATE OR REPLACE VIEW moment_diagnostics AS
WITH
spoken AS (
    SELECT
        said.feedback_id, said.person_key, said.label AS moment,
        said.n_mentions, said.n_positive, said.n_negative, said.n_strong_negative,
        said.occurred_on BETWEEN first_on AND last_on AS is_recent,
        said.occurred_on BETWEEN before_first_on AND before_last_on AS is_before
    FROM counted_labels AS said
    CROSS JOIN recent_weeks
    WHERE said.speaker = 'customer' AND said.family = 'moment' AND said.n_mentions > 0
),
recent AS (
    SELECT * FROM spoken WHERE is_recent
),
heard AS (
    SELECT
        count(*) FILTER (occurred_on BETWEEN first_on AND last_on) AS n_feedback_all,
        count(*) FILTER (occurred_on BETWEEN before_first_on AND before_last_on) AS n_feedback_all_before,
        coalesce(bool_and(list_has_all(
            (SELECT string_split(any_value(label_errors.model_versions), ', ') FROM label_errors),
            string_split(model_versions, ', ')
        )) FILTER (occurred_on BETWEEN first_on AND last_on), false) AS is_measured
    FROM counted_feedback
    CROSS JOIN recent_weeks
    WHERE n_mentions > 0
),
counts AS (
    SELECT
        moment,
        CAST(sum(n_mentions) AS BIGINT) AS n_mentions,
        count(DISTINCT person_key) AS n_customers,
        count(*) AS n_feedback,
        CAST(sum(n_positive) AS BIGINT) AS n_positive,
        CAST(sum(n_negative) AS BIGINT) AS n_negative,
        CAST(sum(n_strong_negative) AS BIGINT) AS n_strong_negative,
        count(*) FILTER (n_negative > 0) AS n_feedback_negative
    FROM recent
    GROUP BY moment
),
-- What model and rules say, whatever persons say: what a correction starts from.
reported AS (
    SELECT label AS moment, count(*) AS n_feedback_reporting
    FROM counted_labels
    JOIN recent_weeks ON occurred_on BETWEEN first_on AND last_on
    WHERE speaker = 'customer' AND family = 'moment' AND is_reported
    GROUP BY label
),
before AS (
    SELECT moment, count(*) FILTER (n_negative > 0) AS n_feedback_negative_before
    FROM spoken
    WHERE is_before
    GROUP BY moment
),
-- Less than expected: a negative mention that names an expectation, is about the promise, too, or breaks trust.
broken AS (
    SELECT mention_id
    FROM evidence
    JOIN recent_weeks ON occurred_on BETWEEN first_on AND last_on
    WHERE decision = 'yes' AND (
        (family = 'moment' AND label = 'promise') OR (family = 'unmeasurable' AND label = 'trust' AND polarity = '-')
    )
),
gaps AS (
    SELECT label AS moment, count(*) AS n_below_expectation
    FROM evidence
    JOIN recent_weeks ON occurred_on BETWEEN first_on AND last_on
    WHERE family = 'moment' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent' AND sentiment < 0
        AND (names_an_expectation(quote) OR mention_id IN (FROM broken))
    GROUP BY label
),
softness AS (
    SELECT
        counted_pairs.moment, unmeasurable,
        CAST(sum(n_shown) AS BIGINT) AS n_shown,
        CAST(sum(n_missing) AS BIGINT) AS n_missing
    FROM counted_pairs
    JOIN recent ON recent.feedback_id = counted_pairs.feedback_id AND recent.moment = counted_pairs.moment
    GROUP BY counted_pairs.moment, unmeasurable
),
soft AS (
    SELECT
        moment,
        CAST(sum(n_shown) AS BIGINT) AS n_shown,
        CAST(sum(n_missing) AS BIGINT) AS n_missing,
        map_from_entries(list((unmeasurable, (n_shown - n_missing) / (n_shown + n_missing)))) AS balances
    FROM softness
    WHERE n_shown + n_missing > 0
    GROUP BY moment
),
signals AS (
    SELECT * FROM moment_rates WHERE family = 'signal'
),
joined AS (
    SELECT
        taxonomy.id AS moment,
        coalesce(counts.n_mentions, 0) AS n,
        coalesce(n_customers, 0) AS k_customers,
        coalesce(n_feedback_negative, 0) AS k_complaints,
        coalesce(n_feedback_negative_before, 0) AS k_complaints_before,
        coalesce(n_feedback_reporting, 0) AS k_reporting,
        CASE WHEN is_measured THEN label_errors.sensitivity END AS s,
        label_errors.sensitivity_variance AS v, label_errors.specificity AS c, label_errors.specificity_variance AS w,
        taxonomy.* EXCLUDE (id), counts.* EXCLUDE (moment, n_mentions, n_customers, n_feedback_negative), heard.*
    FROM taxonomy
    CROSS JOIN heard
    LEFT JOIN counts ON counts.moment = taxonomy.id
    LEFT JOIN before ON before.moment = taxonomy.id
    LEFT JOIN reported ON reported.moment = taxonomy.id
    LEFT JOIN label_errors ON label_errors.family = 'moment' AND label_errors.label = taxonomy.id
    WHERE taxonomy.family = 'moment' AND taxonomy.retired IS NULL
),
trends AS (
    SELECT
        moment,
        k_complaints / nullif(n_feedback_all, 0) AS complaint_share,
        k_complaints_before / nullif(n_feedback_all_before, 0) AS complaint_share_before,
        difference_low(
            k_complaints / n_feedback_all, wilson_low(k_complaints, n_feedback_all),
            k_complaints_before / n_feedback_all_before, wilson_high(k_complaints_before, n_feedback_all_before)
        ) AS trend_low,
        difference_high(
            k_complaints / n_feedback_all, wilson_high(k_complaints, n_feedback_all),
            k_complaints_before / n_feedback_all_before, wilson_low(k_complaints_before, n_feedback_all_before)
        ) AS trend_high
    FROM joined
    WHERE n_feedback_all > 0 AND n_feedback_all_before > 0
),
most_urgent AS (  -- a moment has an item for each of its themes; those that are over come last
    SELECT label, days_to_item, state
    FROM backlog
    LEFT JOIN backlog_states USING (state)
    WHERE kind = 'moment'
    QUALIFY row_number() OVER (
        PARTITION BY label
        ORDER BY is_over, priority DESC NULLS LAST, item_id
    ) = 1
)
SELECT
    joined.moment,
    joined.stage,
    joined.name,
    joined.definition AS description,
    joined.interaction,
    joined.expectation,
    joined.owner,
    coalesce(joined.is_critical, false) AS is_critical,
    n AS n_mentions,
    k_customers AS n_customers,
    coalesce(joined.n_feedback, 0) AS n_feedback,
    n_feedback_all,
    joined.n_feedback / n_feedback_all AS feedback_share,
    corrected_share(k_reporting, n_feedback_all, s, c) AS corrected_feedback_share,
    corrected_share_low(k_reporting, n_feedback_all, s, v, c, w) AS corrected_feedback_share_low,
    corrected_share_high(k_reporting, n_feedback_all, s, v, c, w) AS corrected_feedback_share_high,
    CASE WHEN s IS NULL THEN 'raw' ELSE 'adjusted count' END AS method,
    n_positive,
    n_negative,
    (n_positive - n_negative) / n AS net_sentiment,
    net_low(n_positive, n_negative, n) AS net_sentiment_low,
    net_high(n_positive, n_negative, n) AS net_sentiment_high,
    n_strong_negative,
    n_strong_negative / n AS strong_negative_share,
    wilson_low(n_strong_negative, n) AS strong_negative_share_low,
    wilson_high(n_strong_negative, n) AS strong_negative_share_high,
    CASE WHEN n > 0 THEN coalesce(n_below_expectation, 0) END AS n_below_expectation,
    coalesce(n_below_expectation, 0) / nullif(n, 0) AS expectation_gap,
    wilson_low(coalesce(n_below_expectation, 0), n) AS expectation_gap_low,
    wilson_high(coalesce(n_below_expectation, 0), n) AS expectation_gap_high,
    soft.n_shown,
    soft.n_missing,
    (soft.n_shown - soft.n_missing) / (soft.n_shown + soft.n_missing) AS soft_skill_index,
    net_low(soft.n_shown, soft.n_missing, soft.n_shown + soft.n_missing) AS soft_skill_index_low,
    net_high(soft.n_shown, soft.n_missing, soft.n_shown + soft.n_missing) AS soft_skill_index_high,
    soft.balances['friendliness'] AS friendliness_balance,
    soft.balances['helpfulness'] AS helpfulness_balance,
    soft.balances['understanding'] AS understanding_balance,
    soft.balances['listening'] AS listening_balance,
    soft.balances['comfort'] AS comfort_balance,
    soft.balances['trust'] AS trust_balance,
    soft.balances['defusing'] AS defusing_balance,
    soft.balances['affinity'] AS affinity_balance,
    n_feedback_reaching_help,
    n_feedback_repeat,
    n_feedback_handoff,
    effort_per_case,
    n_customers_problem,
    n_customers_resolved,
    resolution_share,
    resolution_share_low,
    resolution_share_high,
    churn.n_feedback_reporting AS n_feedback_churn,
    churn.raw_share AS churn_raw_share,
    churn.corrected_share AS churn_share,
    churn.corrected_share_low AS churn_share_low,
    churn.corrected_share_high AS churn_share_high,
    champion.n_feedback_reporting AS n_feedback_champion,
    champion.raw_share AS champion_raw_share,
    champion.corrected_share AS champion_share,
    champion.corrected_share_low AS champion_share_low,
    champion.corrected_share_high AS champion_share_high,
    coalesce(crisis.n_customers, 0) AS n_customers_crisis,
    k_complaints AS n_feedback_negative,
    k_complaints_before AS n_feedback_negative_before,
    trends.complaint_share,
    trends.complaint_share_before,
    trends.complaint_share - trends.complaint_share_before AS trend,
    trend_low,
    trend_high,
    CASE WHEN trend_low > 0 THEN 'rising' WHEN trend_high < 0 THEN 'falling' WHEN trend_low IS NOT NULL THEN 'steady' END AS trend_word,
    most_urgent.days_to_item,
    most_urgent.state AS item_state,
    fixed_on,
    fix_effect,
    fix_effect_low,
    fix_effect_high,
    CASE WHEN fix_effects.moment IS NULL THEN 'no fix is recorded' ELSE fix_effect_missing END AS fix_effect_missing
FROM joined
LEFT JOIN gaps ON gaps.moment = joined.moment
LEFT JOIN soft ON soft.moment = joined.moment
LEFT JOIN moment_cases ON moment_cases.moment = joined.moment
LEFT JOIN signals AS churn ON churn.moment = joined.moment AND churn.label = 'churn'
LEFT JOIN signals AS champion ON champion.moment = joined.moment AND champion.label = 'champion'
LEFT JOIN signals AS crisis ON crisis.moment = joined.moment AND crisis.label = 'crisis'
LEFT JOIN trends ON trends.moment = joined.moment
LEFT JOIN most_urgent ON most_urgent.label = joined.moment
LEFT JOIN fix_effects ON fix_effects.moment = joined.moment
ORDER BY joined.stage_position, joined.moment;

COMMENT ON VIEW moment_diagnostics IS 'One row per moment of truth: the fifteen diagnostics of the last eight weeks (docs/metrics.md). Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN moment_diagnostics.stage IS 'ABACUS stage of the moment.';
COMMENT ON COLUMN moment_diagnostics.name IS 'The moment in plain English.';
COMMENT ON COLUMN moment_diagnostics.description IS 'What it covers.';
COMMENT ON COLUMN moment_diagnostics.interaction IS 'The method of interaction: by what means customer and company meet here.';
COMMENT ON COLUMN moment_diagnostics.expectation IS 'What the customer expects.';
COMMENT ON COLUMN moment_diagnostics.owner IS 'Who answers for it: the workspace''s moments.yaml, else the taxonomy.';
COMMENT ON COLUMN moment_diagnostics.is_critical IS 'Whether the workspace marked it as critical.';
COMMENT ON COLUMN moment_diagnostics.n_mentions IS '1 Volume: mentions of the moment by customers.';
COMMENT ON COLUMN moment_diagnostics.n_customers IS '2 Customers reached: different people behind them.';
COMMENT ON COLUMN moment_diagnostics.n_feedback IS 'Pieces of feedback that speak of it.';
COMMENT ON COLUMN moment_diagnostics.n_feedback_all IS 'All pieces of feedback with words of a customer: what the share is a share of.';
COMMENT ON COLUMN moment_diagnostics.feedback_share IS '3 Share of all feedback: n_feedback / n_feedback_all, 0 to 1.';
COMMENT ON COLUMN moment_diagnostics.corrected_feedback_share IS 'The share corrected for the model''s errors, 0 to 1.';
COMMENT ON COLUMN moment_diagnostics.method IS 'How it was corrected: adjusted count, or raw where no errors are known.';
COMMENT ON COLUMN moment_diagnostics.net_sentiment IS '4 Net sentiment: share of positive minus share of negative mentions, -1 to 1.';
COMMENT ON COLUMN moment_diagnostics.strong_negative_share IS '5 Strong negative: n_strong_negative / n_mentions, 0 to 1.';
COMMENT ON COLUMN moment_diagnostics.n_below_expectation IS 'Negative mentions that report less than was expected or promised.';
COMMENT ON COLUMN moment_diagnostics.expectation_gap IS '6 Expectation gap: n_below_expectation / n_mentions, 0 to 1.';
COMMENT ON COLUMN moment_diagnostics.n_shown IS 'Times that a soft quality was shown in mentions of the moment.';
COMMENT ON COLUMN moment_diagnostics.n_missing IS 'Times that one was missing or violated.';
COMMENT ON COLUMN moment_diagnostics.soft_skill_index IS '7 Soft-skill index: (n_shown - n_missing) / (n_shown + n_missing) over all eight, -1 to 1.';
COMMENT ON COLUMN moment_diagnostics.friendliness_balance IS '(shown - missing) / (shown + missing) of friendliness in mentions of the moment, -1 to 1; null where neither was said.';
COMMENT ON COLUMN moment_diagnostics.helpfulness_balance IS '(shown - missing) / (shown + missing) of helpfulness in mentions of the moment, -1 to 1; null where neither was said.';
COMMENT ON COLUMN moment_diagnostics.understanding_balance IS '(shown - missing) / (shown + missing) of understanding in mentions of the moment, -1 to 1; null where neither was said.';
COMMENT ON COLUMN moment_diagnostics.listening_balance IS '(shown - missing) / (shown + missing) of listening in mentions of the moment, -1 to 1; null where neither was said.';
COMMENT ON COLUMN moment_diagnostics.comfort_balance IS '(shown - missing) / (shown + missing) of comfort in mentions of the moment, -1 to 1; null where neither was said.';
COMMENT ON COLUMN moment_diagnostics.trust_balance IS '(shown - missing) / (shown + missing) of trust in mentions of the moment, -1 to 1; null where neither was said.';
COMMENT ON COLUMN moment_diagnostics.defusing_balance IS '(shown - missing) / (shown + missing) of defusing in mentions of the moment, -1 to 1; null where neither was said.';
COMMENT ON COLUMN moment_diagnostics.affinity_balance IS '(shown - missing) / (shown + missing) of affinity in mentions of the moment, -1 to 1; null where neither was said.';
COMMENT ON COLUMN moment_diagnostics.n_feedback_reaching_help IS 'Pieces in which the customer could not reach help.';
COMMENT ON COLUMN moment_diagnostics.n_feedback_repeat IS 'Pieces in which a known customer complains of the moment again, or was not heard.';
COMMENT ON COLUMN moment_diagnostics.effort_per_case IS '8 Effort: n_feedback_reaching_help, n_feedback_repeat and n_feedback_handoff together, for each of n_customers.';
COMMENT ON COLUMN moment_diagnostics.resolution_share IS '9 Resolution: n_customers_resolved / n_customers_problem, 0 to 1; who says no more of it and does not leave counts as resolved.';
COMMENT ON COLUMN moment_diagnostics.n_feedback_churn IS 'Pieces that speak of the moment and in which model or rules are sure of the signal churn.';
COMMENT ON COLUMN moment_diagnostics.churn_raw_share IS 'n_feedback_churn / n_feedback, 0 to 1.';
COMMENT ON COLUMN moment_diagnostics.churn_share IS '10 Churn risk: that share corrected for the model''s errors, 0 to 1.';
COMMENT ON COLUMN moment_diagnostics.n_feedback_champion IS 'Pieces that speak of the moment and in which model or rules are sure of the signal champion.';
COMMENT ON COLUMN moment_diagnostics.champion_raw_share IS 'n_feedback_champion / n_feedback, 0 to 1.';
COMMENT ON COLUMN moment_diagnostics.champion_share IS '11 Champions: that share corrected for the model''s errors, 0 to 1.';
COMMENT ON COLUMN moment_diagnostics.n_customers_crisis IS '12 Crisis signals: people whose feedback speaks of the moment and gives the signal crisis.';
COMMENT ON COLUMN moment_diagnostics.n_feedback_negative IS 'Pieces of feedback with a negative mention of the moment.';
COMMENT ON COLUMN moment_diagnostics.n_feedback_negative_before IS 'The same in the eight weeks before.';
COMMENT ON COLUMN moment_diagnostics.complaint_share IS 'n_feedback_negative / n_feedback_all, 0 to 1.';
COMMENT ON COLUMN moment_diagnostics.complaint_share_before IS 'The same in the eight weeks before.';
COMMENT ON COLUMN moment_diagnostics.trend IS '13 Trend: complaint_share less complaint_share_before, -1 to 1; null without feedback in both.';
COMMENT ON COLUMN moment_diagnostics.trend_word IS 'rising or falling where the interval leaves out 0, else steady.';
COMMENT ON COLUMN moment_diagnostics.days_to_item IS '14 Days from the first mention to the backlog item, the most urgent one of the moment; null while there is none.';
COMMENT ON COLUMN moment_diagnostics.item_state IS 'State of that item; null while there is none.';
COMMENT ON COLUMN moment_diagnostics.fixed_on IS 'Day of the last fix that the workspace recorded.';
COMMENT ON COLUMN moment_diagnostics.fix_effect IS '15 Effect of the last fix: share of feedback that complains in up to eight weeks after it, less that of the eight weeks before it, -1 to 1.';
COMMENT ON COLUMN moment_diagnostics.fix_effect_missing IS 'Why there is no effect to tell; null where there is one.';
