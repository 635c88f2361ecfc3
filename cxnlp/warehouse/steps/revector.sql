-- Vectors that were made anew of mentions that are stored, by another encoder or because there were none.

CREATE OR REPLACE TEMP TABLE revectored AS
SELECT mention_id, encoder_version, vector FROM read_parquet($revectored) SEMI JOIN mentions USING (mention_id);

DELETE FROM mention_vectors WHERE mention_id IN (SELECT mention_id FROM revectored);

INSERT INTO mention_vectors BY NAME
SELECT mention_id, encoder_version, vector FROM revectored ORDER BY mention_id;

INSERT INTO unheard SELECT DISTINCT feedback_id FROM mentions SEMI JOIN revectored USING (mention_id);
