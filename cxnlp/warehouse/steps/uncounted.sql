-- Everything is to be counted anew: moments have changed their stages, or this file was never counted. Bound: $stages.

INSERT INTO uncounted SELECT feedback_id FROM feedback;

UPDATE edition SET counted_stages = $stages;
