-- Originals of a partition that were sealed (attached as `sealed`): those whose feedback is stored by now, that are young
-- enough and not kept yet. Reads the frame `stored` (feedback_id, content_hash); writes the file attached as `kept`.

INSERT INTO kept.originals BY NAME
SELECT sealed.feedback_id, sealed.content_hash, sealed.source, sealed.occurred_at, $kept_on AS kept_on, sealed.text
FROM sealed.originals AS sealed
SEMI JOIN stored USING (feedback_id, content_hash)
ANTI JOIN kept.originals AS kept ON kept.feedback_id = sealed.feedback_id
WHERE coalesce(CAST(sealed.occurred_at AS DATE), $kept_on) >= $first_on;
