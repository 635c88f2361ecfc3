-- Question: what is to be done at each stage of the journey, by whom, until when, and how will one see that it helped?
-- Grain:    one row per open backlog item (not quiet, snoozed, declined, closed or merged), in the order of the journey, the most urgent first; items of no stage come last.
-- Reader:   the action plan (`cxnlp plan`); the improvement team.
--
-- The measure is how many people report the item in the last eight weeks; beside it stands the share of all feedback. The
-- target is half of the people who did when it was accepted (today's until then): a target that moved along with the
-- measure would never be met. Halved is what the verdict on a fix finds within weeks (docs/effects.md). Of a danger nobody may
-- be left.

CREATE OR REPLACE VIEW plan_actions AS
WITH
reported AS (
    SELECT item_id, count(DISTINCT mentions.feedback_id) AS n_feedback_reporting
    FROM backlog_evidence
    JOIN mentions USING (mention_id)
    JOIN counted_feedback USING (feedback_id)
    JOIN recent_weeks ON counted_feedback.occurred_on BETWEEN first_on AND last_on
    GROUP BY item_id
),
heard AS (
    SELECT count(*) AS n_feedback_all
    FROM counted_feedback
    JOIN recent_weeks ON occurred_on BETWEEN first_on AND last_on
    WHERE n_mentions > 0
),
accepted AS (
    SELECT item_id, max_by(n_customers, "at") AS n_customers_accepted
    FROM backlog_events
    JOIN backlog_states ON backlog_states.state = state_before
    WHERE event IN ('accepted', 'started', 'shipped') AND is_waiting
    GROUP BY item_id
),
stages AS (
    SELECT stage, any_value(stage_name) AS stage_name, min(stage_position) AS stage_position
    FROM taxonomy
    WHERE family = 'moment'
    GROUP BY stage
)
SELECT
    stages.stage,
    stage_name,
    item_id,
    kind,
    label,
    title,
    sentence,
    state,
    priority,
    n_customers,
    trend_word,
    backlog_effects.note AS verdict_note,
    effect,
    effect_low,
    effect_high,
    coalesce(assigned_to, owner) AS owner,
    assigned_to IS NOT NULL AS is_owner_agreed,
    due_on,
    backlog.shipped_on,
    backlog_effects.verdict,
    coalesce(n_feedback_reporting, 0) / n_feedback_all AS reporting_share,
    wilson_low(coalesce(n_feedback_reporting, 0), n_feedback_all) AS reporting_share_low,
    wilson_high(coalesce(n_feedback_reporting, 0), n_feedback_all) AS reporting_share_high,
    CASE WHEN label = 'crisis' THEN 0 ELSE coalesce(n_customers_accepted, n_customers) // 2 END AS n_customers_wanted
FROM backlog
CROSS JOIN heard
LEFT JOIN stages USING (stage)
LEFT JOIN reported USING (item_id)
LEFT JOIN accepted USING (item_id)
LEFT JOIN backlog_effects USING (item_id)
JOIN backlog_states USING (state)
WHERE is_open AND n_feedback_all > 0
ORDER BY stage_position NULLS LAST, priority DESC, item_id;

COMMENT ON VIEW plan_actions IS 'One row per open backlog item: what to fix at each stage of the journey, its owner and due day, its measure and target.';
COMMENT ON COLUMN plan_actions.stage IS 'Id of the ABACUS stage; null where the item belongs to none.';
COMMENT ON COLUMN plan_actions.stage_name IS 'The stage in plain English.';
COMMENT ON COLUMN plan_actions.item_id IS 'The item of the backlog.';
COMMENT ON COLUMN plan_actions.kind IS 'moment, unmeasurable, warning or signal.';
COMMENT ON COLUMN plan_actions.title IS 'The item in plain words.';
COMMENT ON COLUMN plan_actions.sentence IS 'What customers experience, in words of theirs; null where none could be told.';
COMMENT ON COLUMN plan_actions.state IS 'Where it stands in its life.';
COMMENT ON COLUMN plan_actions.priority IS 'Urgency, 0 to 100.';
COMMENT ON COLUMN plan_actions.n_customers IS 'The measure: different people who report it in the last eight weeks.';
COMMENT ON COLUMN plan_actions.trend_word IS 'rising, falling, steady or new.';
COMMENT ON COLUMN plan_actions.due_on IS 'Day by which it shall be shipped.';
COMMENT ON COLUMN plan_actions.shipped_on IS 'Day from which customers meet the fix.';
COMMENT ON COLUMN plan_actions.owner IS 'Who accepted it, else the department that the taxonomy names.';
COMMENT ON COLUMN plan_actions.is_owner_agreed IS 'Whether somebody accepted it.';
COMMENT ON COLUMN plan_actions.verdict IS 'Whether its fix worked: too_early, unclear, verified, not_effective or harmful; null where nothing is shipped.';
COMMENT ON COLUMN plan_actions.reporting_share IS 'Share of all feedback of the last eight weeks that reports the item, 0 to 1.';
COMMENT ON COLUMN plan_actions.n_customers_wanted IS 'The target proposed: at most half of the people who reported it when it was accepted; of today''s until then; nobody, of a danger.';
COMMENT ON COLUMN plan_actions.verdict_note IS 'Why the verdict, in plain words.';
COMMENT ON COLUMN plan_actions.effect IS 'Rate of reports after the fix / before it, net of the controls: 0.5 is halved; null: not known.';
COMMENT ON COLUMN plan_actions.effect_low IS 'Lower end of its 95 % interval; null: it could be anything yet.';
COMMENT ON COLUMN plan_actions.effect_high IS 'Upper end of it; null: no end is known.';
