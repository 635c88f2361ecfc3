-- What model and rules say anew of mentions that are stored; what people said stays. A mention has always a sentiment,
-- so that each mention read again is among the rows.

CREATE OR REPLACE TEMP TABLE retagged AS
SELECT * EXCLUDE (run_id) FROM read_parquet($retagged) SEMI JOIN mentions USING (mention_id);

INSERT INTO uncounted SELECT DISTINCT feedback_id FROM mentions SEMI JOIN retagged USING (mention_id);

DELETE FROM tags WHERE voter <> 'person' AND mention_id IN (SELECT mention_id FROM retagged);

INSERT INTO tags BY NAME
SELECT *, $run_id AS run_id FROM retagged
ORDER BY mention_id, family, label, polarity, voter;
