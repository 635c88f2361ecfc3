-- What the finished partitions hold, as temporary tables. `folder` tells partitions apart: should two of them hold the
-- same feedback_id, mentions and tags are taken from the one whose feedback is taken.

INSERT INTO arrived_feedback BY NAME
SELECT
    feedback_id, source, channel, external_id, occurred_at, received_at, language, is_readable, text, written, author_key,
    customer_key, product, location, segment, rating, content_hash, signature, shorthand_version, masking_version, repost_of,
    parse_dirpath(filename) AS folder
FROM read_parquet($feedback, filename = true);

INSERT INTO arrived_employees BY NAME
SELECT DISTINCT feedback_id, employee_key, role, "start", "end", parse_dirpath(filename) AS folder
FROM read_parquet($employees, filename = true);

INSERT INTO arrived_mentions BY NAME
SELECT mention_id, feedback_id, position, "start", "end", speaker, text, parse_dirpath(filename) AS folder
FROM read_parquet($mentions, filename = true);

INSERT INTO arrived_tags BY NAME
SELECT
    mention_id, family, label, polarity, probability, score, decision, evidence_start, evidence_end, voter,
    model_version, taxonomy_version, precision_version, parse_dirpath(filename) AS folder
FROM read_parquet($tags, filename = true);

INSERT INTO arrived_quarantine BY NAME
SELECT quarantine_id, source, channel, file, masked_file, "row", problem
FROM read_parquet($quarantine);

INSERT INTO arrived_files BY NAME
SELECT source, file, n_bytes, modified_ns, n_items, cursor
FROM read_parquet($files);
