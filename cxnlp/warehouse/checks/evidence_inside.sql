-- The words that carry a tag lie inside its mention.

SELECT tags.mention_id, tags.family, tags.label, tags.evidence_start, tags.evidence_end
FROM tags
JOIN mentions USING (mention_id)
WHERE (tags.evidence_start IS NULL) <> (tags.evidence_end IS NULL)
    OR tags.evidence_start < mentions."start"
    OR tags.evidence_end > mentions."end"
    OR tags.evidence_end <= tags.evidence_start;
