-- Question: which mentions have these words, or other forms of them?
-- Grain:    one row per mention that has one of them. BM25 (Robertson & Zaragoza 2009): rare words count more, long mentions less.
-- Reader:   an analyst, from any program that has loaded DuckDB's extension fts; `cxnlp find`.
--
-- Made in published files only, after the index that it reads.

CREATE OR REPLACE MACRO find_words(words) AS TABLE
    SELECT mention_id, score
    FROM (SELECT mention_id, fts_main_mentions.match_bm25(mention_id, words) AS score FROM mentions)
    WHERE score IS NOT NULL;

COMMENT ON MACRO TABLE find_words IS 'Mentions that have one of these words or another form of it: mention_id, score (BM25 over English stems; the higher, the better). Elsewhere than in cxnlp: with DuckDB''s extension fts loaded.';
