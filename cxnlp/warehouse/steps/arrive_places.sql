-- Where tonight's items stand at their sources, those included that are stored already.

INSERT INTO arrived_places BY NAME
SELECT feedback_id, source, file, "row" FROM read_parquet($places);
