-- Question: which items were shipped, and did it help?
-- Grain:    one row per item that somebody shipped and a night has measured since.
-- Reader:   an analyst; the API's views. docs/effects.md says how it is computed.
--
-- Of items of few people (privacy.least_group) there are neither numbers nor their words: the effect tells how many spoke.

CREATE OR REPLACE VIEW item_effects AS
SELECT
    item_id,
    CASE WHEN is_told THEN title ELSE split_part(title, ': ', 1) END AS title,
    kind,
    label,
    theme_id,
    state,
    backlog.shipped_on,
    shipped_what,
    backlog.shipped_where,
    verdict,
    note,
    decided_on,
    CASE WHEN is_told THEN effect END AS effect,
    CASE WHEN is_told THEN effect_low END AS effect_low,
    CASE WHEN is_told THEN effect_high END AS effect_high,
    CASE WHEN is_told THEN n_reports_before END AS n_reports_before,
    CASE WHEN is_told THEN n_reports_after END AS n_reports_after,
    controls
FROM (
    SELECT *, coalesce(n_customers, 0) >= coalesce((SELECT max(least_group) FROM sharing), 5) AS is_told FROM backlog
) AS backlog
JOIN backlog_effects USING (item_id)
ORDER BY shipped_on, item_id;

COMMENT ON VIEW item_effects IS 'One row per item of the backlog that was shipped and measured since: whether it helped. Of few people (privacy.least_group) no numbers.';
COMMENT ON COLUMN item_effects.item_id IS 'The item of the backlog.';
COMMENT ON COLUMN item_effects.title IS 'The item in plain words.';
COMMENT ON COLUMN item_effects.kind IS 'moment, unmeasurable, warning or signal.';
COMMENT ON COLUMN item_effects.theme_id IS 'The theme that it is about; null: what is said in no theme that enough customers share.';
COMMENT ON COLUMN item_effects.state IS 'Where it stands in its life.';
COMMENT ON COLUMN item_effects.shipped_on IS 'Day from which customers meet the fix; it counts on neither side.';
COMMENT ON COLUMN item_effects.shipped_what IS 'What was changed, in the owner''s words, masked.';
COMMENT ON COLUMN item_effects.shipped_where IS 'Where the fix is: terms such as location=Saltwell, apart by a semicolon; null: everywhere.';
COMMENT ON COLUMN item_effects.verdict IS 'too_early, unclear (it fell, and may have done so by itself), verified, not_effective or harmful.';
COMMENT ON COLUMN item_effects.note IS 'Why, in plain words.';
COMMENT ON COLUMN item_effects.decided_on IS 'Last day that was counted when it was decided; null: too early, or unclear.';
COMMENT ON COLUMN item_effects.effect IS 'Rate of reports after the fix / before it, net of the controls: 0.5 is halved; null: not known, or of few people.';
COMMENT ON COLUMN item_effects.effect_low IS 'Lower end of its 95 % interval, which holds on all nights at once; null: it could be anything yet, or of few people.';
COMMENT ON COLUMN item_effects.effect_high IS 'Upper end of it; null: no end is known, or of few people.';
COMMENT ON COLUMN item_effects.n_reports_before IS 'People''s reports in the days compared before the fix; who reports on two days counts twice.';
COMMENT ON COLUMN item_effects.n_reports_after IS 'The same since the fix.';
COMMENT ON COLUMN item_effects.controls IS 'What the fix did not touch and it is compared with: other moments, and places such as location=Hull where the fix is not; empty: all else that was heard.';
