-- Vectors of the mentions that arrived.

INSERT INTO arrived_vectors BY NAME
SELECT mention_id, encoder_version, vector, parse_dirpath(filename) AS folder
FROM read_parquet($vectors, filename = true);
