-- What is to be counted anew though nobody noted it: everything, where moments have changed their stages since, or in a
-- file that was never counted.

CREATE OR REPLACE TEMP TABLE stages_now AS
SELECT coalesce(md5(string_agg(concat(id, ' ', stage), ', ' ORDER BY id)), '') AS counted_stages
FROM taxonomy
WHERE family = 'moment';

INSERT INTO uncounted
SELECT feedback_id FROM feedback
WHERE (SELECT edition.counted_stages IS DISTINCT FROM stages_now.counted_stages FROM edition, stages_now);

UPDATE edition SET counted_stages = stages_now.counted_stages FROM stages_now;

DROP TABLE stages_now;
