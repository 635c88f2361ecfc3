-- The intervals, each stated once; views and analysts use them by name. 95 %: z = 1.959963984540054. Null when n is 0.
-- (e0 makes a number DOUBLE; without it DuckDB computes in DECIMAL and overflows.)
--
-- Share k/n (Wilson 1927):
--     (k + z²/2  ±  z·√(k·(n − k)/n + z²/4)) / (n + z²)
--
-- Net sentiment (p − q)/n, a difference of two shares of the same n mentions (Bonett & Price 2012, "Adjusted Wald
-- intervals for a difference of binomial proportions based on paired data"): with a = (p + 1)/(n + 2) and
-- b = (q + 1)/(n + 2),
--     a − b  ±  z·√((a + b − (a − b)²)/(n + 2)),   cut to −1 … 1
--
-- Both take mentions as independent of each other; several mentions of one angry letter are not, so read n_customers
-- beside every interval.
--
-- A grouping may have a million rows. x * x is faster than x ** 2, and what the two ends share is worked out once only where
-- no CASE is around it: so null comes from 0 * nullif(n, 0), since greatest and least pass over null.

CREATE OR REPLACE MACRO wilson_low(k, n) AS
    greatest(
        0,
        (k + 1.9207294103470627e0 - 1.959963984540054e0 * sqrt(k / nullif(n, 0) * (n - k) + 0.9603647051735314e0))
            / (n + 3.8414588206941254e0)
    ) + 0 * nullif(n, 0);
CREATE OR REPLACE MACRO wilson_high(k, n) AS
    least(
        1,
        (k + 1.9207294103470627e0 + 1.959963984540054e0 * sqrt(k / nullif(n, 0) * (n - k) + 0.9603647051735314e0))
            / (n + 3.8414588206941254e0)
    ) + 0 * nullif(n, 0);
CREATE OR REPLACE MACRO net_low(p, q, n) AS
    greatest(-1, (p - q) / (n + 2)
        - 1.959963984540054e0 * sqrt(((p + q + 2) / (n + 2) - (p - q) / (n + 2) * ((p - q) / (n + 2))) / (n + 2)))
    + 0 * nullif(n, 0);
CREATE OR REPLACE MACRO net_high(p, q, n) AS
    least(1, (p - q) / (n + 2)
        + 1.959963984540054e0 * sqrt(((p + q + 2) / (n + 2) - (p - q) / (n + 2) * ((p - q) / (n + 2))) / (n + 2)))
    + 0 * nullif(n, 0);

COMMENT ON MACRO wilson_low IS 'Lower end of the 95 % Wilson interval of the share k/n.';
COMMENT ON MACRO wilson_high IS 'Upper end of the 95 % Wilson interval of the share k/n.';
COMMENT ON MACRO net_low IS 'Lower end of the 95 % interval of (p - q)/n: p positive and q negative of n mentions.';
COMMENT ON MACRO net_high IS 'Upper end of the 95 % interval of (p - q)/n: p positive and q negative of n mentions.';

-- The sentence before and after a mention, by punctuation and line ends, at most 240 characters each; a longer one is cut
-- at a word and marked with an ellipsis.

CREATE OR REPLACE MACRO clipped_before(piece) AS
    CASE WHEN length(piece) = 240 THEN '…' || regexp_extract(piece, '\s.*$', 0, 's') ELSE piece END;
CREATE OR REPLACE MACRO clipped_after(piece) AS
    CASE WHEN length(piece) = 240 THEN regexp_extract(piece, '^(.*)\s', 1, 's') || ' …' ELSE piece END;
CREATE OR REPLACE MACRO sentence_before(body, first) AS
    clipped_before(regexp_extract(
        substring(body, greatest(1, first - 239), least(240, first)), '[^.!?\n]*[.!?\s]*$'
    ));
CREATE OR REPLACE MACRO sentence_after(body, beyond) AS
    clipped_after(regexp_extract(substring(body, beyond + 1, 240), '^[.!?\s]*[^.!?\n]*[.!?]*'));

COMMENT ON MACRO clipped_before IS 'A piece of text cut at 240 characters loses its broken first word.';
COMMENT ON MACRO clipped_after IS 'A piece of text cut at 240 characters loses its broken last word.';
COMMENT ON MACRO sentence_before IS 'The sentence that ends at character first (from 0) of body.';
COMMENT ON MACRO sentence_after IS 'The sentence that starts at character beyond (from 0) of body.';

-- Is a danger (the signal crisis) credible? A rule that says so is not silenced by a model that hesitates: of two that say
-- yes `settled` has the model's row, whose probability is often low where a rule is sure.

CREATE OR REPLACE MACRO is_credible(mention, winner, its_probability) AS
    winner <> 'model' OR its_probability >= 0.6 OR mention IN (
        SELECT mention_id FROM tags WHERE family = 'signal' AND label = 'crisis' AND voter = 'rule' AND decision = 'yes'
    );

COMMENT ON MACRO is_credible IS 'Whether a danger (a settled signal crisis) is told by a person, a rule, or a model with a probability of 0.6 or more: is_credible(mention_id, voter, probability).';

-- Search. A macro gives (mention_id, score or nearness) of every mention that it has something to say about; join evidence
-- for the quotes, order and cut. find_words: fulltext.sql. Nearness is the cosine of two vectors of length 1, stored times 450: 450² = 202500.

CREATE OR REPLACE MACRO find_meaning(vector_of_meaning) AS TABLE
    SELECT
        mention_id,
        array_inner_product(CAST(vector AS FLOAT[384]), CAST(vector_of_meaning AS FLOAT[384])) / 202500 AS nearness
    FROM mention_vectors
    WHERE encoder_version = (SELECT mode(encoder_version) FROM mention_vectors);
CREATE OR REPLACE MACRO similar_to(mention) AS TABLE
    SELECT
        others.mention_id,
        array_inner_product(CAST(others.vector AS FLOAT[384]), CAST(given.vector AS FLOAT[384])) / 202500 AS nearness
    FROM mention_vectors AS others
    JOIN mention_vectors AS given ON given.encoder_version = others.encoder_version
    WHERE given.mention_id = mention AND others.mention_id <> mention;

COMMENT ON MACRO TABLE find_meaning IS 'Every mention''s nearness to a vector: mention_id, nearness (-1 to 1). meaning(''…'') makes the vector of a sentence in `cxnlp sql` and cxnlp.open().';
COMMENT ON MACRO TABLE similar_to IS 'Every other mention''s nearness to a mention: mention_id, nearness (-1 to 1).';

-- Days do not depend on the reader's time zone (nor on DuckDB's ICU extension).

CREATE OR REPLACE MACRO utc_day(moment) AS CAST(make_timestamp(epoch_us(moment)) AS DATE);

COMMENT ON MACRO utc_day IS 'The day of a time, in UTC.';

-- The words by which people say that they were led to expect something. Whether they got it, the sentiment says.

CREATE OR REPLACE MACRO names_an_expectation(words) AS regexp_matches(words, concat(
    '\b(expect(ed|ing|ations?)|promis(e|ed|es|ing)|supposed to|(as|than|falsely) advertised|advertis(ement|ing)|guaranteed?|',
    'assured (me|us)|not as (described|pictured|shown)|misl(ed|eading)|',
    '(told|said)\b.{0,30}\b(would|will) (arrive|come|call|get|receive|refund|send|deliver|fix|replace|',
    'be (here|there|ready|sent|delivered|refunded|fixed|done))|should have (been|arrived|come|had))\b'
), 'i');

COMMENT ON MACRO names_an_expectation IS 'Whether the words speak of something that was expected, promised or announced.';

-- A difference of two shares that are estimated apart from each other, by their own intervals (Zou & Donner 2008).

CREATE OR REPLACE MACRO difference_low(a, a_low, b, b_high) AS a - b - sqrt((a - a_low) ** 2 + (b_high - b) ** 2);
CREATE OR REPLACE MACRO difference_high(a, a_high, b, b_low) AS a - b + sqrt((a_high - a) ** 2 + (b - b_low) ** 2);

COMMENT ON MACRO difference_low IS 'Lower end of the 95 % interval of a - b, from the lower end of a and the upper end of b.';
COMMENT ON MACRO difference_high IS 'Upper end of the 95 % interval of a - b, from the upper end of a and the lower end of b.';
