-- The tables: what is stored, one row of what, and what each column means.
-- Columns of feedback, employees, mentions, tags and quarantine are those of cxnlp/frames.py; a test compares them.
-- No primary keys or foreign keys: DuckDB would keep an index in memory for each. checks/*.sql find double and orphan
-- rows instead. Times are UTC.

CREATE TABLE IF NOT EXISTS feedback (
    feedback_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    external_id VARCHAR,
    occurred_at TIMESTAMPTZ,
    received_at TIMESTAMPTZ,
    language VARCHAR,
    is_readable BOOLEAN,
    text VARCHAR,
    written VARCHAR,
    author_key VARCHAR,
    customer_key VARCHAR,
    product VARCHAR,
    location VARCHAR,
    segment VARCHAR,
    rating DOUBLE,
    content_hash VARCHAR,
    signature UINTEGER[],
    shorthand_version VARCHAR,
    masking_version VARCHAR,
    repost_of VARCHAR,
    duplicate_of VARCHAR,
    vanished_on DATE,
    run_id VARCHAR
);
COMMENT ON TABLE feedback IS 'One row per letter, call or post, with personal data masked. Duplicates are kept and marked.';
COMMENT ON COLUMN feedback.feedback_id IS 'Hash of the source and its own id, 16 hex digits; the key of this table.';
COMMENT ON COLUMN feedback.external_id IS 'Id in the source, or a keyed hash of it where the id could name a person.';
COMMENT ON COLUMN feedback.occurred_at IS 'When the customer wrote or spoke, UTC.';
COMMENT ON COLUMN feedback.received_at IS 'When it reached the company''s folder, UTC.';
COMMENT ON COLUMN feedback.language IS 'ISO 639-1 code; und when it cannot be told.';
COMMENT ON COLUMN feedback.is_readable IS 'False when the model does not read this language; such feedback has no mentions.';
COMMENT ON COLUMN feedback.text IS 'The words, masked. Offsets in mentions, tags and employees count characters of this text.';
COMMENT ON COLUMN feedback.written IS 'The masked words as they were written, where shorthand was written out in text; else null.';
COMMENT ON COLUMN feedback.author_key IS 'Keyed hash of who wrote it; the same person has the same key within one source of names.';
COMMENT ON COLUMN feedback.customer_key IS 'Keyed hash of the customer or account number; null when none was given.';
COMMENT ON COLUMN feedback.segment IS 'Kind of customer as the source gave it, such as business.';
COMMENT ON COLUMN feedback.content_hash IS 'Keyed hash of the normalised text; equal texts have equal hashes.';
COMMENT ON COLUMN feedback.signature IS 'MinHash of 64 values for finding near duplicates. In the working file only, not published.';
COMMENT ON COLUMN feedback.shorthand_version IS 'Version of the glossary by which shorthand was written out; null where the source has none.';
COMMENT ON COLUMN feedback.masking_version IS 'Hash of the rules by which the text was masked; null: not at all, or by a version that did not say.';
COMMENT ON COLUMN feedback.repost_of IS 'feedback_id of the post that the source says this one shares; it need not be stored.';
COMMENT ON COLUMN feedback.duplicate_of IS 'feedback_id of the first arrival of the same text; null for originals. Views leave duplicates out.';
COMMENT ON COLUMN feedback.vanished_on IS 'Night on which its source was found not to hold it any more; null while it does. It stays stored and counted.';
COMMENT ON COLUMN feedback.run_id IS 'The run that stored it last.';

CREATE TABLE IF NOT EXISTS employees (
    feedback_id VARCHAR NOT NULL,
    employee_key VARCHAR NOT NULL,
    role VARCHAR,
    "start" BIGINT,
    "end" BIGINT,
    run_id VARCHAR
);
COMMENT ON TABLE employees IS 'One row per employee named in a piece of feedback, as a pseudonym.';
COMMENT ON COLUMN employees.feedback_id IS 'The feedback that names the employee.';
COMMENT ON COLUMN employees.employee_key IS 'Keyed hash of the name; the name itself is not stored.';
COMMENT ON COLUMN employees.role IS 'agent, driver, counter, manager, engineer or staff.';
COMMENT ON COLUMN employees."start" IS 'First character of the placeholder in feedback.text, from 0; null when named in a column only.';
COMMENT ON COLUMN employees."end" IS 'One past the placeholder''s last character.';
COMMENT ON COLUMN employees.run_id IS 'The run that stored it.';

CREATE TABLE IF NOT EXISTS mentions (
    mention_id VARCHAR NOT NULL,
    feedback_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    "start" BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    speaker VARCHAR,
    text VARCHAR NOT NULL,
    run_id VARCHAR
);
COMMENT ON TABLE mentions IS 'One row per sentence, or clause of a sentence, of a piece of feedback.';
COMMENT ON COLUMN mentions.mention_id IS 'feedback_id, a full stop and the position; the key of this table.';
COMMENT ON COLUMN mentions.feedback_id IS 'The feedback it is part of.';
COMMENT ON COLUMN mentions.position IS 'Place among the mentions of its feedback, from 1.';
COMMENT ON COLUMN mentions."start" IS 'First character in feedback.text, from 0.';
COMMENT ON COLUMN mentions."end" IS 'One past its last character in feedback.text.';
COMMENT ON COLUMN mentions.speaker IS 'customer or agent in calls; null where nobody is marked, which is the customer.';
COMMENT ON COLUMN mentions.text IS 'Its words: feedback.text from start to end.';
COMMENT ON COLUMN mentions.run_id IS 'The run that stored it.';

CREATE TABLE IF NOT EXISTS tags (
    mention_id VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    polarity VARCHAR,
    probability FLOAT,
    score FLOAT,
    decision VARCHAR NOT NULL,
    evidence_start BIGINT,
    evidence_end BIGINT,
    voter VARCHAR NOT NULL,
    model_version VARCHAR,
    taxonomy_version VARCHAR,
    precision_version VARCHAR,
    run_id VARCHAR
);
COMMENT ON TABLE tags IS 'One row per vote: what one voter says about one mention. The view settled says which votes count.';
COMMENT ON COLUMN tags.mention_id IS 'The mention judged.';
COMMENT ON COLUMN tags.family IS 'moment, sentiment, unmeasurable, warning or signal.';
COMMENT ON COLUMN tags.label IS 'Id in the table taxonomy; for sentiment the strength from -2 to 2.';
COMMENT ON COLUMN tags.probability IS 'Calibrated probability, 0 to 1.';
COMMENT ON COLUMN tags.score IS 'Sentiment only: the expected value, -1 to 1.';
COMMENT ON COLUMN tags.decision IS 'yes, or unsure (too close to call); a person may also say no.';
COMMENT ON COLUMN tags.voter IS 'model, rule or person.';
COMMENT ON COLUMN tags.model_version IS 'Version of the model that voted.';
COMMENT ON COLUMN tags.taxonomy_version IS 'Version of the taxonomy that it voted with.';
COMMENT ON COLUMN tags.precision_version IS 'Hash of [tags] precision in cxnlp.toml, by which it decided; null: the model''s own thresholds.';
COMMENT ON COLUMN tags.run_id IS 'The run that stored it; for a person''s vote the run whose snapshot was reviewed.';

CREATE TABLE IF NOT EXISTS mention_vectors (
    mention_id VARCHAR NOT NULL,
    encoder_version VARCHAR NOT NULL,
    vector TINYINT[384] NOT NULL
);
COMMENT ON TABLE mention_vectors IS 'One row per mention: its meaning as numbers, to search by (`cxnlp find`, the macros similar_to and find_meaning).';
COMMENT ON COLUMN mention_vectors.mention_id IS 'The mention; the key of this table.';
COMMENT ON COLUMN mention_vectors.encoder_version IS 'Hash of the encoder that made it; vectors of one encoder can be compared.';
COMMENT ON COLUMN mention_vectors.vector IS 'Length 1, times 450. The product of two, divided by 450 twice, is their cosine: how near they are in meaning.';

CREATE TABLE IF NOT EXISTS quarantine (
    quarantine_id VARCHAR NOT NULL,
    source VARCHAR,
    channel VARCHAR,
    file VARCHAR,
    masked_file VARCHAR,
    "row" BIGINT,
    problem VARCHAR NOT NULL,
    vanished_on DATE,
    released_at TIMESTAMPTZ,
    released_by VARCHAR,
    reason VARCHAR,
    run_id VARCHAR
);
COMMENT ON TABLE quarantine IS 'One row per item that could not be used. It leaves when its file is mended and read again; one that was released stays, for the count.';
COMMENT ON COLUMN quarantine.quarantine_id IS 'Hash of source, file, row and problem; the key of this table.';
COMMENT ON COLUMN quarantine.file IS 'Path below the source''s folder. In the working file only: names of files can name people.';
COMMENT ON COLUMN quarantine.masked_file IS 'The same with every word and number masked that could name a person.';
COMMENT ON COLUMN quarantine."row" IS 'Row, line or entry in the file, from 1; null when the whole file is meant.';
COMMENT ON COLUMN quarantine.problem IS 'What was found, what was expected and how to mend it; never a customer''s words.';
COMMENT ON COLUMN quarantine.vanished_on IS 'Night on which its file was found to be gone; null while it is there.';
COMMENT ON COLUMN quarantine.released_at IS 'When somebody accepted that it will never be read (`cxnlp quarantine release`), UTC; null while it waits.';
COMMENT ON COLUMN quarantine.released_by IS 'Who did. In the working file only.';
COMMENT ON COLUMN quarantine.reason IS 'Why, masked.';
COMMENT ON COLUMN quarantine.run_id IS 'The run that first met it.';

CREATE TABLE IF NOT EXISTS files (
    source VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    n_bytes BIGINT NOT NULL,
    modified_ns BIGINT NOT NULL,
    n_items BIGINT NOT NULL,
    cursor VARCHAR
);
COMMENT ON TABLE files IS 'One row per file already loaded, so that it is not opened again, and per stream of a live source. In the working file only: names of files can name people.';
COMMENT ON COLUMN files.file IS 'Path below the source''s folder.';
COMMENT ON COLUMN files.n_bytes IS 'Size when it was read.';
COMMENT ON COLUMN files.modified_ns IS 'Time of its last change when it was read, nanoseconds since 1970.';
COMMENT ON COLUMN files.n_items IS 'Items that it held, unusable ones included.';
COMMENT ON COLUMN files.cursor IS 'Live sources: where the next night goes on; null for files.';

CREATE TABLE IF NOT EXISTS places (
    feedback_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    "row" BIGINT
);
COMMENT ON TABLE places IS 'One row per piece of feedback and file that holds it. In the working file only: names of files can name people.';
COMMENT ON COLUMN places.feedback_id IS 'The feedback; when its last place goes, it has vanished.';
COMMENT ON COLUMN places.file IS 'Path below the source''s folder.';
COMMENT ON COLUMN places."row" IS 'Row, line or entry in the file, from 1; null when it is the whole file.';

CREATE TABLE IF NOT EXISTS runs (
    run_id VARCHAR NOT NULL,
    night DATE NOT NULL,
    state VARCHAR NOT NULL,
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    n_arrived BIGINT NOT NULL,
    n_stored BIGINT NOT NULL,
    n_unchanged BIGINT NOT NULL,
    n_duplicates BIGINT NOT NULL,
    n_quarantined BIGINT NOT NULL,
    n_erased BIGINT,
    n_mentions BIGINT NOT NULL,
    n_tagged BIGINT NOT NULL,
    model_version VARCHAR,
    taxonomy_version VARCHAR
);
COMMENT ON TABLE runs IS 'One row per night that was loaded: n_arrived = n_stored + n_unchanged + n_duplicates + n_quarantined + n_erased.';
COMMENT ON COLUMN runs.run_id IS 'The night and a number, such as 2026-11-02-1; the key of this table.';
COMMENT ON COLUMN runs.night IS 'The day that the run was for.';
COMMENT ON COLUMN runs.state IS 'loaded: all of the night is stored. A night that fails leaves no row.';
COMMENT ON COLUMN runs.started_at IS 'When the run started, UTC.';
COMMENT ON COLUMN runs.finished_at IS 'When the night was stored, UTC.';
COMMENT ON COLUMN runs.n_arrived IS 'Items read from the sources.';
COMMENT ON COLUMN runs.n_stored IS 'Pieces of feedback stored as new or corrected, duplicates not counted.';
COMMENT ON COLUMN runs.n_unchanged IS 'Items that were stored already, or came twice in the night: nothing was done.';
COMMENT ON COLUMN runs.n_duplicates IS 'Pieces stored and marked as another arrival of a text that is stored.';
COMMENT ON COLUMN runs.n_quarantined IS 'Items that could not be used.';
COMMENT ON COLUMN runs.n_erased IS 'Items that were not stored because they were erased before or are older than they are kept.';
COMMENT ON COLUMN runs.n_mentions IS 'Mentions stored.';
COMMENT ON COLUMN runs.n_tagged IS 'Of those, mentions with at least one sure tag besides sentiment.';
COMMENT ON COLUMN runs.model_version IS 'The model that tagged.';
COMMENT ON COLUMN runs.taxonomy_version IS 'The taxonomy that it tagged with.';

CREATE TABLE IF NOT EXISTS erasures (
    erasure_id VARCHAR NOT NULL,
    erased_at TIMESTAMPTZ NOT NULL,
    asked VARCHAR NOT NULL,
    n_feedback BIGINT NOT NULL,
    n_namings BIGINT
);
COMMENT ON TABLE erasures IS 'One row per erasure, without what was erased: why a number of an earlier night is smaller now.';
COMMENT ON COLUMN erasures.erasure_id IS 'The key of this table.';
COMMENT ON COLUMN erasures.erased_at IS 'When it was asked for, UTC.';
COMMENT ON COLUMN erasures.asked IS 'customer, author, employee, feedback, a source or a day, or retention: what kind of request it was.';
COMMENT ON COLUMN erasures.n_feedback IS 'Stored letters, calls and posts that it took away.';
COMMENT ON COLUMN erasures.n_namings IS 'Places where feedback names an employee who was forgotten: rows that it took from employees.';

CREATE TABLE IF NOT EXISTS run_stages (
    run_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    stage VARCHAR NOT NULL,
    seconds DOUBLE NOT NULL
);
COMMENT ON TABLE run_stages IS 'One row per run and stage: how long it took.';
COMMENT ON COLUMN run_stages.run_id IS 'The run.';
COMMENT ON COLUMN run_stages.position IS 'Place of the stage in the night, from 1.';
COMMENT ON COLUMN run_stages.stage IS 'Name of the stage.';
COMMENT ON COLUMN run_stages.seconds IS 'Seconds of work, summed over partitions.';

CREATE TABLE IF NOT EXISTS taxonomy (
    family VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    name VARCHAR,
    stage VARCHAR,
    stage_name VARCHAR,
    stage_position INTEGER,
    definition VARCHAR,
    interaction VARCHAR,
    expectation VARCHAR,
    owner VARCHAR,
    office VARCHAR,
    worse VARCHAR,
    better VARCHAR,
    since VARCHAR,
    retired VARCHAR,
    is_critical BOOLEAN
);
COMMENT ON TABLE taxonomy IS 'One row per word that tags may use, and what it means.';
COMMENT ON COLUMN taxonomy.id IS 'The word as tags.label has it; unique within its family.';
COMMENT ON COLUMN taxonomy.name IS 'The word in plain English.';
COMMENT ON COLUMN taxonomy.stage IS 'Moments: the ABACUS stage (awareness, buy_in, acquisition, care, use, share).';
COMMENT ON COLUMN taxonomy.stage_name IS 'The stage in plain English.';
COMMENT ON COLUMN taxonomy.stage_position IS 'Place of the stage in the journey, from 1.';
COMMENT ON COLUMN taxonomy.definition IS 'What the word covers.';
COMMENT ON COLUMN taxonomy.interaction IS 'Moments: how customer and company meet.';
COMMENT ON COLUMN taxonomy.expectation IS 'Moments: what the customer expects.';
COMMENT ON COLUMN taxonomy.worse IS 'Words for it when it goes badly.';
COMMENT ON COLUMN taxonomy.better IS 'Words for it when it goes well.';
COMMENT ON COLUMN taxonomy.since IS 'Taxonomy version that brought it.';
COMMENT ON COLUMN taxonomy.retired IS 'Taxonomy version that retired it; null while in use.';
COMMENT ON COLUMN taxonomy.is_critical IS 'Moments: whether the workspace marked it as critical; null where nobody said.';

CREATE TABLE IF NOT EXISTS targets (
    moment VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    target DOUBLE NOT NULL
);
COMMENT ON TABLE targets IS 'One row per moment and target that the workspace set in its moments.yaml. The view moment_targets says which are met.';
COMMENT ON COLUMN targets.metric IS 'Column of the view moment_diagnostics.';

CREATE TABLE IF NOT EXISTS fixes (
    moment VARCHAR NOT NULL,
    fixed_on DATE NOT NULL,
    what VARCHAR
);
COMMENT ON TABLE fixes IS 'One row per fix that the workspace recorded in its moments.yaml. The view fix_effects says what the last of each moment did.';
COMMENT ON COLUMN fixes.moment IS 'Id of the moment that was fixed.';
COMMENT ON COLUMN fixes.fixed_on IS 'Day from which customers meet the change.';
COMMENT ON COLUMN fixes.what IS 'What was changed, in the owner''s words.';

CREATE TABLE IF NOT EXISTS statements (
    question VARCHAR NOT NULL,
    question_position INTEGER NOT NULL,
    statement VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    words VARCHAR NOT NULL,
    cannot_tell VARCHAR,
    family VARCHAR,
    label VARCHAR,
    polarity VARCHAR,
    side VARCHAR
);
COMMENT ON TABLE statements IS 'One row per statement of the scorecard and label that speaks for or against it; one with label null where feedback cannot tell.';
COMMENT ON COLUMN statements.question_position IS 'Its place on the scorecard, from 1.';
COMMENT ON COLUMN statements.position IS 'Its place under its question, from 1.';
COMMENT ON COLUMN statements.side IS 'for or against; feeling: a positive mention is for, a negative one against.';

CREATE TABLE IF NOT EXISTS backlog (
    item_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    polarity VARCHAR,
    stage VARCHAR,
    title VARCHAR,
    state VARCHAR,
    opened_on DATE,
    first_feedback_on DATE,
    last_feedback_on DATE,
    days_to_item INTEGER,
    n_mentions BIGINT,
    n_customers BIGINT,
    n_mentions_recent BIGINT,
    trend DOUBLE,
    trend_word VARCHAR,
    severity DOUBLE,
    priority DOUBLE,
    net_sentiment DOUBLE,
    warnings VARCHAR,
    owner VARCHAR,
    quote_1 VARCHAR,
    quote_1_mention_id VARCHAR,
    quote_2 VARCHAR,
    quote_2_mention_id VARCHAR,
    quote_3 VARCHAR,
    quote_3_mention_id VARCHAR,
    run_id VARCHAR,
    sentence VARCHAR,
    net_sentiment_low DOUBLE,
    net_sentiment_high DOUBLE,
    missing VARCHAR,
    n_customers_all BIGINT,
    reach DOUBLE,
    direction DOUBLE,
    n_customers_corrected BIGINT,
    n_customers_corrected_low BIGINT,
    n_customers_corrected_high BIGINT,
    method VARCHAR,
    n_contacts BIGINT,
    n_contacts_all BIGINT,
    service_effect_low DOUBLE,
    service_effect_high DOUBLE,
    moment_effect_low DOUBLE,
    moment_effect_high DOUBLE,
    revenue_at_risk_low DOUBLE,
    revenue_at_risk_high DOUBLE,
    contact_cost_low DOUBLE,
    contact_cost_high DOUBLE,
    quote_4 VARCHAR,
    quote_5 VARCHAR,
    quote_4_mention_id VARCHAR,
    quote_5_mention_id VARCHAR,
    theme_id VARCHAR,
    into_id VARCHAR,
    ready_on DATE,
    n_customers_since BIGINT,
    assigned_to VARCHAR,
    due_on DATE,
    accepted_on DATE,
    started_on DATE,
    shipped_on DATE,
    shipped_what VARCHAR,
    snoozed_until DATE,
    state_since DATE,
    shipped_where VARCHAR
);
COMMENT ON TABLE backlog IS 'One row per improvement item, with its size, trend and best quotes.';
COMMENT ON COLUMN backlog.item_id IS 'Hash of kind, label, polarity and theme: an item keeps its id from night to night.';
COMMENT ON COLUMN backlog.kind IS 'moment, unmeasurable, warning or signal.';
COMMENT ON COLUMN backlog.polarity IS '+ or - for unmeasurables, else null.';
COMMENT ON COLUMN backlog.stage IS 'Moments: the ABACUS stage.';
COMMENT ON COLUMN backlog.title IS 'The item in plain words.';
COMMENT ON COLUMN backlog.state IS 'new, accepted, in_progress, shipped, verified, not_effective, closed, declined, snoozed, quiet (nobody says so any more) or merged (into into_id).';
COMMENT ON COLUMN backlog.opened_on IS 'Night on which it first appeared.';
COMMENT ON COLUMN backlog.first_feedback_on IS 'Day of the first feedback that speaks of it.';
COMMENT ON COLUMN backlog.last_feedback_on IS 'Day of the latest feedback that speaks of it.';
COMMENT ON COLUMN backlog.days_to_item IS 'Days from the first feedback to the night on which the item appeared.';
COMMENT ON COLUMN backlog.n_mentions IS 'Mentions that speak of it.';
COMMENT ON COLUMN backlog.n_mentions_recent IS 'Mentions of the 14 days before the night.';
COMMENT ON COLUMN backlog.trend IS 'Change of weekly mentions, the last 4 weeks against the 4 before, as a share (0.5: half as many again).';
COMMENT ON COLUMN backlog.trend_word IS 'rising, falling, steady or new.';
COMMENT ON COLUMN backlog.severity IS 'How bad it is for those who speak of it, 0 to 1.';
COMMENT ON COLUMN backlog.priority IS 'What to look at first, 0 to 100.';
COMMENT ON COLUMN backlog.net_sentiment IS 'Share of positive minus share of negative mentions, -1 to 1.';
COMMENT ON COLUMN backlog.warnings IS 'Organisational causes that its mentions state, as a plain list.';
COMMENT ON COLUMN backlog.quote_1 IS 'The most telling quote, masked.';
COMMENT ON COLUMN backlog.quote_1_mention_id IS 'Its mention.';
COMMENT ON COLUMN backlog.quote_2 IS 'The next quote.';
COMMENT ON COLUMN backlog.quote_2_mention_id IS 'Its mention.';
COMMENT ON COLUMN backlog.quote_3 IS 'The third quote.';
COMMENT ON COLUMN backlog.quote_3_mention_id IS 'Its mention.';
COMMENT ON COLUMN backlog.run_id IS 'The run that wrote it.';
COMMENT ON COLUMN backlog.sentence IS 'What customers experience, in one sentence of their own words; each word that names something is an everyday one or one that privacy.least_group people write; it says whether these are examples; null where none could be told.';
COMMENT ON COLUMN backlog.net_sentiment_low IS 'Lower end of the 95 % interval of net_sentiment.';
COMMENT ON COLUMN backlog.net_sentiment_high IS 'Upper end of it.';
COMMENT ON COLUMN backlog.missing IS 'The up to three unmeasurables that are missing in its mentions most often, as a plain list.';
COMMENT ON COLUMN backlog.n_customers_all IS 'Different people heard in the period.';
COMMENT ON COLUMN backlog.reach IS 'Square root of n_customers / n_customers_all, 0 to 1: a part of the priority.';
COMMENT ON COLUMN backlog.direction IS '1 rising, 0.75 new, 0.5 steady, 0 falling: a part of the priority.';
COMMENT ON COLUMN backlog.n_customers_corrected IS 'People who truly report it: n_customers corrected for the model''s errors.';
COMMENT ON COLUMN backlog.n_customers_corrected_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN backlog.n_customers_corrected_high IS 'Upper end of it.';
COMMENT ON COLUMN backlog.method IS 'How it was corrected: adjusted count, or raw where no errors are known.';
COMMENT ON COLUMN backlog.n_contacts IS 'Letters and calls of the period that speak of it.';
COMMENT ON COLUMN backlog.n_contacts_all IS 'Letters and calls heard in the period.';
COMMENT ON COLUMN backlog.service_effect_low IS 'Points of net sentiment of all mentions (0 to 200) that would be gained without its mentions: lower end.';
COMMENT ON COLUMN backlog.service_effect_high IS 'Upper end of that range.';
COMMENT ON COLUMN backlog.moment_effect_low IS 'The same of the net sentiment of its moment''s mentions: lower end; null for other items.';
COMMENT ON COLUMN backlog.moment_effect_high IS 'Upper end of that range.';
COMMENT ON COLUMN backlog.revenue_at_risk_low IS 'A year''s revenue from those of its people who say they leave, in the workspace''s currency: lower end; null without [backlog] value_per_customer.';
COMMENT ON COLUMN backlog.revenue_at_risk_high IS 'Upper end of that range.';
COMMENT ON COLUMN backlog.contact_cost_low IS 'What letters and calls about it cost in a year, in the workspace''s currency: lower end; null without [backlog] cost_per_contact.';
COMMENT ON COLUMN backlog.contact_cost_high IS 'Upper end of that range.';
COMMENT ON COLUMN backlog.quote_4 IS 'The fourth quote.';
COMMENT ON COLUMN backlog.quote_5 IS 'The fifth quote.';
COMMENT ON COLUMN backlog.quote_4_mention_id IS 'Its mention.';
COMMENT ON COLUMN backlog.quote_5_mention_id IS 'Its mention.';
COMMENT ON COLUMN backlog.theme_id IS 'Moments and wishes: the theme that it is about; null: what is said in no theme that enough customers share.';
COMMENT ON COLUMN backlog.into_id IS 'The item that it went into; null unless merged.';
COMMENT ON COLUMN backlog.ready_on IS 'Day on which enough people''s feedback had arrived for an item; null where that is not known.';
COMMENT ON COLUMN backlog.n_customers_since IS 'Of the period''s people, those who spoke of it after the day of its state.';
COMMENT ON COLUMN backlog.assigned_to IS 'Who answers for it, as people say; owner is what the taxonomy suggests.';
COMMENT ON COLUMN backlog.due_on IS 'Day by which it shall be shipped.';
COMMENT ON COLUMN backlog.accepted_on IS 'Day on which it was accepted, UTC; anew after it was opened again.';
COMMENT ON COLUMN backlog.started_on IS 'Day on which work on it began.';
COMMENT ON COLUMN backlog.shipped_on IS 'Day from which customers meet the fix.';
COMMENT ON COLUMN backlog.shipped_what IS 'What was changed, in the owner''s words, masked.';
COMMENT ON COLUMN backlog.shipped_where IS 'Where the fix is: terms such as location=Saltwell, apart by a semicolon; null: everywhere.';
COMMENT ON COLUMN backlog.snoozed_until IS 'Day on which it comes back; null unless snoozed.';
COMMENT ON COLUMN backlog.state_since IS 'Day since which it is in its state.';

CREATE TABLE IF NOT EXISTS backlog_evidence (
    item_id VARCHAR NOT NULL,
    mention_id VARCHAR NOT NULL
);
COMMENT ON TABLE backlog_evidence IS 'One row per item of the backlog and mention that speaks for it, as of the last night on which enough customers did.';
COMMENT ON COLUMN backlog_evidence.item_id IS 'The item.';
COMMENT ON COLUMN backlog_evidence.mention_id IS 'The mention.';

CREATE TABLE IF NOT EXISTS backlog_events (
    item_id VARCHAR NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    happened_on DATE NOT NULL,
    event VARCHAR NOT NULL,
    state_before VARCHAR,
    state_after VARCHAR,
    "by" VARCHAR NOT NULL,
    owner VARCHAR,
    due_on DATE,
    shipped_on DATE,
    snoozed_until DATE,
    other_id VARCHAR,
    n_customers BIGINT,
    note VARCHAR,
    run_id VARCHAR,
    shipped_where VARCHAR
);
COMMENT ON TABLE backlog_events IS 'One row per thing that happened to an item of the backlog, by a night or by a person.';
COMMENT ON COLUMN backlog_events.item_id IS 'The item.';
COMMENT ON COLUMN backlog_events."at" IS 'When, UTC; of a night the beginning of its day. A word of SQL: write it in quotes.';
COMMENT ON COLUMN backlog_events.happened_on IS 'Its day, UTC.';
COMMENT ON COLUMN backlog_events.event IS 'Nights: opened, grew, shrank, merged (into other_id), split (off other_id), quiet, reopened, verified, not_effective, harmful. People: accepted, started, shipped, declined, snoozed, closed, reopened, noted, assigned.';
COMMENT ON COLUMN backlog_events.state_before IS 'State before it; null for opened.';
COMMENT ON COLUMN backlog_events.state_after IS 'State after it.';
COMMENT ON COLUMN backlog_events."by" IS 'night, or who: a login name, spreadsheet, or a tracker''s issue such as jira:CX-12. A word of SQL: write it in quotes.';
COMMENT ON COLUMN backlog_events.owner IS 'Who was made to answer for it; null where nobody was named.';
COMMENT ON COLUMN backlog_events.due_on IS 'Due day that was set.';
COMMENT ON COLUMN backlog_events.shipped_on IS 'Day from which customers meet the fix, as said then.';
COMMENT ON COLUMN backlog_events.shipped_where IS 'Where the fix is, as said then: terms such as location=Saltwell; null where nothing was said.';
COMMENT ON COLUMN backlog_events.snoozed_until IS 'Day on which it shall come back.';
COMMENT ON COLUMN backlog_events.other_id IS 'The other item of a merge or a split; by people: the item that was named, which had gone into this one.';
COMMENT ON COLUMN backlog_events.n_customers IS 'People who spoke of the item then.';
COMMENT ON COLUMN backlog_events.note IS 'Why or what, masked.';
COMMENT ON COLUMN backlog_events.run_id IS 'The run in which it happened; null for people.';

CREATE TABLE IF NOT EXISTS backlog_effects (
    item_id VARCHAR NOT NULL,
    shipped_on DATE NOT NULL,
    verdict VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    decided_on DATE,
    effect DOUBLE,
    effect_low DOUBLE,
    effect_high DOUBLE,
    n_reports_before BIGINT NOT NULL,
    n_reports_after BIGINT NOT NULL,
    controls VARCHAR[],
    shipped_where VARCHAR
);
COMMENT ON TABLE backlog_effects IS 'One row per item that somebody shipped: whether its fix of now helped, as of the night that decided it, else of the last (docs/effects.md). Of an earlier fix nothing.';
COMMENT ON COLUMN backlog_effects.item_id IS 'The item.';
COMMENT ON COLUMN backlog_effects.shipped_on IS 'Day from which customers meet the fix; it counts on neither side.';
COMMENT ON COLUMN backlog_effects.shipped_where IS 'Where the fix is, as backlog.shipped_where; null: everywhere.';
COMMENT ON COLUMN backlog_effects.verdict IS 'too_early, unclear (it fell, and may have done so by itself), verified, not_effective or harmful.';
COMMENT ON COLUMN backlog_effects.note IS 'Why, in plain words.';
COMMENT ON COLUMN backlog_effects.decided_on IS 'Last day that was counted when it was decided; null: too early, or unclear.';
COMMENT ON COLUMN backlog_effects.effect IS 'Rate of reports after the fix / before it, net of the controls: 0.5 is halved; null: not known.';
COMMENT ON COLUMN backlog_effects.n_reports_before IS 'People''s reports in the days compared before the fix; who reports on two days counts twice.';
COMMENT ON COLUMN backlog_effects.n_reports_after IS 'The same since the fix.';
COMMENT ON COLUMN backlog_effects.controls IS 'What the fix did not touch and it is compared with: other moments, and places such as location=Hull where the fix is not; empty: all else that was heard.';

CREATE TABLE IF NOT EXISTS backlog_targets (
    item_within_nights INTEGER,
    accepted_within_days INTEGER,
    shipped_within_days INTEGER
);
COMMENT ON TABLE backlog_targets IS 'One row: how soon the workspace wants items, as of the last night (`[backlog]` in cxnlp.toml).';
COMMENT ON COLUMN backlog_targets.item_within_nights IS 'From the day on which enough feedback had arrived to the item.';
COMMENT ON COLUMN backlog_targets.accepted_within_days IS 'From the item until somebody accepts it.';
COMMENT ON COLUMN backlog_targets.shipped_within_days IS 'From then until it is shipped, where it has no due day; null: no target.';

CREATE TABLE IF NOT EXISTS reviews (
    mention_id VARCHAR,
    feedback_id VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    polarity VARCHAR,
    decision VARCHAR NOT NULL,
    reviewer VARCHAR NOT NULL,
    reviewed_at TIMESTAMPTZ NOT NULL,
    slice VARCHAR NOT NULL,
    sampling_probability DOUBLE,
    model_probability DOUBLE,
    model_decision VARCHAR,
    model_version VARCHAR,
    taxonomy_version VARCHAR,
    run_id VARCHAR
);
COMMENT ON TABLE reviews IS 'One row per mention, reviewer and label: what people said in `cxnlp review`, beside what the night had said.';
COMMENT ON COLUMN reviews.mention_id IS 'The mention judged; null when its words are not stored any more.';
COMMENT ON COLUMN reviews.feedback_id IS 'The feedback it is part of.';
COMMENT ON COLUMN reviews.family IS 'moment, unmeasurable, warning, signal or sentiment; mark for a reviewer''s own word.';
COMMENT ON COLUMN reviews.label IS 'Id in the table taxonomy; for sentiment the strength from -2 to 2; for a mark the word.';
COMMENT ON COLUMN reviews.decision IS 'yes or no: an answer judges every label that the reviewer was shown.';
COMMENT ON COLUMN reviews.reviewer IS 'Keyed hash of the reviewer''s name: tells reviewers apart, names nobody.';
COMMENT ON COLUMN reviews.reviewed_at IS 'When it was answered, UTC.';
COMMENT ON COLUMN reviews.slice IS 'random: the mention is in the random sample of texts, of which all that customers say is judged: use it for rates; uncertain: it was picked; marked: a mark.';
COMMENT ON COLUMN reviews.sampling_probability IS 'random: chance that a text is in the sample, with all that its customer says.';
COMMENT ON COLUMN reviews.model_probability IS 'The tag''s probability when it was reviewed; null where there was no tag.';
COMMENT ON COLUMN reviews.model_decision IS 'What model and rules said when it was reviewed: yes, unsure or no (no tag).';
COMMENT ON COLUMN reviews.model_version IS 'The model that had tagged it.';
COMMENT ON COLUMN reviews.taxonomy_version IS 'The taxonomy whose labels the reviewer was shown.';
COMMENT ON COLUMN reviews.run_id IS 'The run whose snapshot was reviewed.';

CREATE TABLE IF NOT EXISTS rates (
    period VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    family VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    polarity VARCHAR,
    n_feedback BIGINT NOT NULL,
    n_customers_all BIGINT NOT NULL,
    n_customers_reporting BIGINT NOT NULL,
    n_customers_labelled BIGINT NOT NULL,
    raw_share DOUBLE NOT NULL,
    corrected_share DOUBLE NOT NULL,
    corrected_share_low DOUBLE NOT NULL,
    corrected_share_high DOUBLE NOT NULL,
    method VARCHAR NOT NULL
);
COMMENT ON TABLE rates IS 'One row per week or month and label: the share of customers that report it, corrected for the model''s errors. The view prevalence adds names and changes.';
COMMENT ON COLUMN rates.starts_on IS 'The Monday of the week, or the first of the month.';
COMMENT ON COLUMN rates.n_feedback IS 'Letters, calls and posts of the period with words of a customer, without duplicates.';
COMMENT ON COLUMN rates.n_customers_all IS 'Different people behind them: what the shares are shares of.';
COMMENT ON COLUMN rates.n_customers_reporting IS 'Of those, people in whose words model or rules are sure of the label; what persons say is left out.';
COMMENT ON COLUMN rates.raw_share IS 'n_customers_reporting / n_customers_all, 0 to 1: what the model counts, errors and all.';
COMMENT ON COLUMN rates.method IS 'How it was corrected: prediction-powered (by this period''s labelled people), adjusted count (by errors known from elsewhere), raw (not at all: no errors are known).';

CREATE TABLE IF NOT EXISTS alerts (
    alert_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    polarity VARCHAR,
    moment VARCHAR,
    product VARCHAR,
    location VARCHAR,
    opened_on DATE NOT NULL,
    last_on DATE NOT NULL,
    closed_on DATE,
    n_days BIGINT NOT NULL,
    n_reports BIGINT NOT NULL,
    expected_reports DOUBLE,
    ratio DOUBLE,
    p_value DOUBLE,
    quote_1_mention_id VARCHAR,
    quote_2_mention_id VARCHAR,
    quote_3_mention_id VARCHAR,
    run_id VARCHAR,
    n_customers BIGINT
);
COMMENT ON TABLE alerts IS 'One row per early warning, open or closed: what rose where, or where a danger was spoken of. The view open_alerts has names and quotes.';
COMMENT ON COLUMN alerts.alert_id IS 'Stays the same from night to night while the alert lasts; the key of this table.';
COMMENT ON COLUMN alerts.kind IS 'rise (more reports than season, weekday and volume explain) or crisis (a danger, from its first credible mention).';
COMMENT ON COLUMN alerts.family IS 'moment (complaints), unmeasurable, warning or signal.';
COMMENT ON COLUMN alerts.polarity IS '- (missing) for unmeasurables, else null.';
COMMENT ON COLUMN alerts.moment IS 'Only beside complaints about this moment, in the same piece of feedback; null: wherever it is said.';
COMMENT ON COLUMN alerts.product IS 'Only of this product; null: of all (rise), or not given (crisis).';
COMMENT ON COLUMN alerts.location IS 'Only of this branch or place; null: of all (rise), or not given (crisis).';
COMMENT ON COLUMN alerts.opened_on IS 'Night that raised it first.';
COMMENT ON COLUMN alerts.last_on IS 'Last night that raised it.';
COMMENT ON COLUMN alerts.closed_on IS 'Night that closed it, after a week without a further sign; null while it is open.';
COMMENT ON COLUMN alerts.n_days IS 'Days that the numbers are of, up to the last night that raised it.';
COMMENT ON COLUMN alerts.n_customers IS 'Different people behind n_reports, as of the last night that raised it, less those erased since; null: not counted yet.';
COMMENT ON COLUMN alerts.quote_1_mention_id IS 'The mention that shows it best.';
COMMENT ON COLUMN alerts.quote_2_mention_id IS 'The next one, of another person.';
COMMENT ON COLUMN alerts.quote_3_mention_id IS 'The third, of a third person.';
COMMENT ON COLUMN alerts.run_id IS 'The run that raised it last.';

CREATE TABLE IF NOT EXISTS daily_reports (
    occurred_on DATE NOT NULL,
    family VARCHAR,
    label VARCHAR,
    polarity VARCHAR,
    moment VARCHAR,
    n_customers BIGINT NOT NULL,
    fingerprint VARCHAR
);
COMMENT ON TABLE daily_reports IS 'One row per day and subject that early warnings watch: people who said it that day, wherever they are. Days of two years; of the model, vocabulary and precision of the last run.';
COMMENT ON COLUMN daily_reports.occurred_on IS 'The day, UTC.';
COMMENT ON COLUMN daily_reports.family IS 'moment (complaints), unmeasurable (missing), warning or signal (not champion); null: people heard, whatever they said.';
COMMENT ON COLUMN daily_reports.polarity IS '- (missing) for unmeasurables, else null.';
COMMENT ON COLUMN daily_reports.moment IS 'Only beside complaints about this moment, in the same piece of feedback; null: wherever it is said.';
COMMENT ON COLUMN daily_reports.n_customers IS 'Different people that day.';
COMMENT ON COLUMN daily_reports.fingerprint IS 'People heard: a sum over that day''s feedback; when it changes, the day is counted anew.';
-- Counted once, kept up to date: what views add up. cxnlp/warehouse/counting.py writes them; nobody else does.

CREATE TABLE IF NOT EXISTS counted_feedback (
    feedback_id VARCHAR NOT NULL,
    person_key VARCHAR NOT NULL,
    is_known BOOLEAN NOT NULL,
    occurred_on DATE,
    week DATE,
    month DATE,
    channel VARCHAR,
    product VARCHAR,
    location VARCHAR,
    segment VARCHAR,
    n_mentions INTEGER NOT NULL,
    n_positive INTEGER NOT NULL,
    n_negative INTEGER NOT NULL,
    n_strong_negative INTEGER NOT NULL,
    n_mentions_agent INTEGER NOT NULL,
    moments VARCHAR,
    negative_moments VARCHAR,
    is_conflict BOOLEAN NOT NULL,
    is_defused BOOLEAN NOT NULL,
    is_escalated BOOLEAN NOT NULL,
    is_churn BOOLEAN NOT NULL,
    is_champion BOOLEAN NOT NULL,
    step INTEGER NOT NULL,
    n_steps INTEGER NOT NULL,
    days_since_previous INTEGER,
    days_to_churn INTEGER,
    model_versions VARCHAR,
    first_in UBIGINT NOT NULL
);
COMMENT ON TABLE counted_feedback IS 'One row per readable piece of feedback, duplicates left out: what it says in numbers, and its place among all that its customer said.';
COMMENT ON COLUMN counted_feedback.feedback_id IS 'The piece.';
COMMENT ON COLUMN counted_feedback.is_known IS 'Whether customer or author was given, so that pieces of the same person are known as such.';
COMMENT ON COLUMN counted_feedback.occurred_on IS 'Day on which it was written or spoken, UTC.';
COMMENT ON COLUMN counted_feedback.week IS 'The Monday of its week.';
COMMENT ON COLUMN counted_feedback.n_mentions IS 'Mentions by the customer; 0 where only an agent speaks.';
COMMENT ON COLUMN counted_feedback.n_positive IS 'Of those, mentions of strength 1 or 2.';
COMMENT ON COLUMN counted_feedback.n_negative IS 'Of those, mentions of strength -1 or -2.';
COMMENT ON COLUMN counted_feedback.n_strong_negative IS 'Of those, mentions of strength -2.';
COMMENT ON COLUMN counted_feedback.n_mentions_agent IS 'Mentions by an agent.';
COMMENT ON COLUMN counted_feedback.moments IS 'Moments that the customer speaks of, sorted, with ", " between; null for none.';
COMMENT ON COLUMN counted_feedback.is_conflict IS 'Whether the customer''s words show a conflict: strong negative sentiment, or that one was defused or escalated.';
COMMENT ON COLUMN counted_feedback.is_defused IS 'Whether the customer says that a tense situation was calmed (unmeasurable defusing, +).';
COMMENT ON COLUMN counted_feedback.is_escalated IS 'Whether the customer says that it was made worse (defusing, -), or gives a crisis signal.';
COMMENT ON COLUMN counted_feedback.step IS 'Its place among the person''s pieces, from 1, by time.';
COMMENT ON COLUMN counted_feedback.days_to_churn IS 'Days to the person''s next later piece with a churn signal; null when there is none.';
COMMENT ON COLUMN counted_feedback.model_versions IS 'Models that tagged it, with ", " between; ? for one that is not known.';
COMMENT ON COLUMN counted_feedback.first_in IS 'Bits by which views count people once, whatever they group by: docs/views.md.';

CREATE TABLE IF NOT EXISTS counted_labels (
    feedback_id VARCHAR NOT NULL,
    person_key VARCHAR NOT NULL,
    occurred_on DATE,
    week DATE,
    month DATE,
    channel VARCHAR,
    product VARCHAR,
    location VARCHAR,
    segment VARCHAR,
    speaker VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    polarity VARCHAR,
    n_mentions INTEGER NOT NULL,
    n_positive INTEGER NOT NULL,
    n_negative INTEGER NOT NULL,
    n_strong_negative INTEGER NOT NULL,
    is_reported BOOLEAN NOT NULL,
    days_to_churn INTEGER,
    first_in UBIGINT NOT NULL
);
COMMENT ON TABLE counted_labels IS 'One row per piece of feedback, speaker and label with a sure tag: the number of mentions and how they feel.';
COMMENT ON COLUMN counted_labels.feedback_id IS 'The piece.';
COMMENT ON COLUMN counted_labels.person_key IS 'As in counted_feedback.';
COMMENT ON COLUMN counted_labels.occurred_on IS 'Day on which it was written or spoken, UTC.';
COMMENT ON COLUMN counted_labels.week IS 'The Monday of its week.';
COMMENT ON COLUMN counted_labels.speaker IS 'customer or agent.';
COMMENT ON COLUMN counted_labels.family IS 'moment, unmeasurable, warning or signal; stage: any moment of an ABACUS stage; quality: an unmeasurable, shown or missing.';
COMMENT ON COLUMN counted_labels.label IS 'Id in the table taxonomy; for stage the stage.';
COMMENT ON COLUMN counted_labels.n_mentions IS 'Mentions that carry it once votes are settled; 0 where persons took it away.';
COMMENT ON COLUMN counted_labels.n_positive IS 'Of those, mentions of strength 1 or 2.';
COMMENT ON COLUMN counted_labels.n_negative IS 'Of those, mentions of strength -1 or -2.';
COMMENT ON COLUMN counted_labels.n_strong_negative IS 'Of those, mentions of strength -2.';
COMMENT ON COLUMN counted_labels.is_reported IS 'Whether model or rules are sure of it, whatever persons say: what corrected shares start from.';
COMMENT ON COLUMN counted_labels.days_to_churn IS 'As in counted_feedback.';
COMMENT ON COLUMN counted_labels.first_in IS 'As in counted_feedback, among rows of the same person, speaker, label and polarity.';

CREATE TABLE IF NOT EXISTS counted_pairs (
    feedback_id VARCHAR NOT NULL,
    person_key VARCHAR NOT NULL,
    month DATE,
    moment VARCHAR NOT NULL,
    unmeasurable VARCHAR NOT NULL,
    n_shown INTEGER NOT NULL,
    n_missing INTEGER NOT NULL,
    is_shown BOOLEAN NOT NULL,
    is_missing BOOLEAN NOT NULL
);
COMMENT ON TABLE counted_pairs IS 'One row per piece of feedback, moment and unmeasurable that one mention of a customer carries together.';
COMMENT ON COLUMN counted_pairs.feedback_id IS 'The piece.';
COMMENT ON COLUMN counted_pairs.person_key IS 'As in counted_feedback.';
COMMENT ON COLUMN counted_pairs.unmeasurable IS 'Id of the unmeasurable.';
COMMENT ON COLUMN counted_pairs.n_shown IS 'Mentions of the moment in which it was shown (+), once votes are settled.';
COMMENT ON COLUMN counted_pairs.n_missing IS 'Mentions of the moment in which it was missing (-).';
COMMENT ON COLUMN counted_pairs.is_shown IS 'Whether model or rules are sure that it was shown, whatever persons say.';

CREATE TABLE IF NOT EXISTS counted_employees (
    feedback_id VARCHAR NOT NULL,
    person_key VARCHAR NOT NULL,
    employee_key VARCHAR NOT NULL,
    role VARCHAR,
    location VARCHAR,
    month DATE,
    unmeasurable VARCHAR,
    n_mentions INTEGER NOT NULL,
    n_positive INTEGER NOT NULL,
    n_negative INTEGER NOT NULL,
    is_shown BOOLEAN NOT NULL,
    is_missing BOOLEAN NOT NULL
);
COMMENT ON TABLE counted_employees IS 'One row per employee, piece of feedback that speaks of them and unmeasurable in these words; one with unmeasurable null for all of the words.';
COMMENT ON COLUMN counted_employees.feedback_id IS 'The piece.';
COMMENT ON COLUMN counted_employees.person_key IS 'As in counted_feedback: who speaks of the employee.';
COMMENT ON COLUMN counted_employees.employee_key IS 'Pseudonym of the employee.';
COMMENT ON COLUMN counted_employees.role IS 'Role given in this piece: agent, driver, counter, manager, engineer or staff.';
COMMENT ON COLUMN counted_employees.unmeasurable IS 'Id of the unmeasurable; null: all of the words about the employee.';
COMMENT ON COLUMN counted_employees.n_mentions IS 'The customer''s mentions that name the employee; all of the piece where the name stands in a column only.';
COMMENT ON COLUMN counted_employees.n_positive IS 'Of those, mentions of strength 1 or 2.';
COMMENT ON COLUMN counted_employees.n_negative IS 'Of those, mentions of strength -1 or -2.';
COMMENT ON COLUMN counted_employees.is_shown IS 'Whether model or rules are sure that the unmeasurable was shown in them.';

CREATE TABLE IF NOT EXISTS label_errors (
    family VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    polarity VARCHAR,
    true_positives BIGINT NOT NULL,
    false_positives BIGINT NOT NULL,
    false_negatives BIGINT NOT NULL,
    true_negatives BIGINT NOT NULL,
    sensitivity DOUBLE NOT NULL,
    sensitivity_variance DOUBLE NOT NULL,
    specificity DOUBLE NOT NULL,
    specificity_variance DOUBLE NOT NULL,
    model_versions VARCHAR
);
COMMENT ON TABLE label_errors IS 'One row per label whose errors were measured: how often the model was right about a whole piece of feedback. Corrected shares use it.';
COMMENT ON COLUMN label_errors.true_positives IS 'Labelled pieces that are of the label and said to be.';
COMMENT ON COLUMN label_errors.false_positives IS 'Pieces that are not, and said to be.';
COMMENT ON COLUMN label_errors.false_negatives IS 'Pieces that are, and not said to be.';
COMMENT ON COLUMN label_errors.true_negatives IS 'Pieces that are not, and not said to be.';
COMMENT ON COLUMN label_errors.sensitivity IS 'Share of those that are of the label that the model finds: mean of its Jeffreys posterior, 0 to 1.';
COMMENT ON COLUMN label_errors.sensitivity_variance IS 'Variance of that posterior.';
COMMENT ON COLUMN label_errors.specificity IS 'Share of those that are not that it is silent about, likewise.';
COMMENT ON COLUMN label_errors.specificity_variance IS 'Variance of that posterior.';
COMMENT ON COLUMN label_errors.model_versions IS 'Versions of the model that err so, with ", " between.';

CREATE TABLE IF NOT EXISTS sharing (
    least_group INTEGER NOT NULL
);
COMMENT ON TABLE sharing IS 'One row: what cxnlp.toml says about numbers that may be shown.';
COMMENT ON COLUMN sharing.least_group IS 'privacy.least_group: of fewer people than this, views about employees show nothing.';

CREATE TABLE IF NOT EXISTS uncounted (
    feedback_id VARCHAR NOT NULL
);
COMMENT ON TABLE uncounted IS 'Feedback that changed since it was counted, stored or erased. Empty after each night; in the working file only.';
COMMENT ON COLUMN uncounted.feedback_id IS 'The piece.';

CREATE TABLE IF NOT EXISTS unheard (
    feedback_id VARCHAR NOT NULL
);
COMMENT ON TABLE unheard IS 'Feedback that was counted since themes were last looked for. Empty after each night; in the working file only.';
COMMENT ON COLUMN unheard.feedback_id IS 'The piece.';
CREATE TABLE IF NOT EXISTS effects (
    outcome VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    n_customers BIGINT NOT NULL,
    n_customers_all BIGINT NOT NULL,
    feeling DOUBLE NOT NULL,
    effect DOUBLE NOT NULL,
    effect_low DOUBLE NOT NULL,
    effect_high DOUBLE NOT NULL,
    is_driver BOOLEAN NOT NULL,
    explained_share DOUBLE NOT NULL,
    explained_share_low DOUBLE NOT NULL,
    explained_share_high DOUBLE NOT NULL,
    impact DOUBLE NOT NULL,
    impact_low DOUBLE NOT NULL,
    impact_high DOUBLE NOT NULL
);
COMMENT ON TABLE effects IS 'One row per outcome and moment or unmeasurable: how it moves ratings, champions and leaving customers. The view drivers adds names and an order.';
COMMENT ON COLUMN effects.family IS 'moment or unmeasurable.';
COMMENT ON COLUMN effects.n_customers IS 'Different people of the days looked at who speak of it.';
COMMENT ON COLUMN effects.n_customers_all IS 'Different people of those days whose outcome is known.';
COMMENT ON COLUMN effects.feeling IS 'Mean feeling of the texts that speak of it, -1 (all bad, missing) to 1 (all good, shown).';
CREATE TABLE IF NOT EXISTS themes (
    theme_id VARCHAR NOT NULL,
    ground VARCHAR NOT NULL,
    family VARCHAR,
    label VARCHAR,
    name VARCHAR,
    is_named BOOLEAN NOT NULL,
    is_pinned BOOLEAN NOT NULL,
    state VARCHAR NOT NULL,
    into_id VARCHAR,
    born_on DATE NOT NULL,
    n_mentions BIGINT NOT NULL,
    n_looked_at BIGINT NOT NULL,
    vector_sum INTEGER[],
    n_summed BIGINT,
    n_people BIGINT
);
COMMENT ON TABLE themes IS 'One row per theme that ever was: what several people talk about in much the same words or sense. The view themes_all counts them.';
COMMENT ON COLUMN themes.theme_id IS 'The key of this table; a theme keeps its id from night to night.';
COMMENT ON COLUMN themes.ground IS 'Where its mentions come from: moment.delivery and the like, signal.suggestion (wishes), or outside (about no moment).';
COMMENT ON COLUMN themes.family IS 'moment or signal; null outside every moment.';
COMMENT ON COLUMN themes.label IS 'Id in the table taxonomy; null outside every moment.';
COMMENT ON COLUMN themes.name IS 'Its most distinctive words and runs of words, each written so by at least least_group people of the theme or on its ground, or what a person named it; null where there are none.';
COMMENT ON COLUMN themes.is_pinned IS 'Whether a person pinned it: it neither ends nor splits nor merges by itself.';
COMMENT ON COLUMN themes.state IS 'alive; merged (into_id says into which); ended (too few people are left).';
COMMENT ON COLUMN themes.into_id IS 'Merged: the theme that its mentions went to.';
COMMENT ON COLUMN themes.n_mentions IS 'Its mentions.';
COMMENT ON COLUMN themes.n_looked_at IS 'Its mentions when it was last looked at whether it should split. In the working file only.';
COMMENT ON COLUMN themes.vector_sum IS 'Sum of its mentions'' directions around their ground''s centre. In the working file only.';
COMMENT ON COLUMN themes.n_summed IS 'Mentions in that sum: those with a vector of the ground''s encoder. In the working file only.';
COMMENT ON COLUMN themes.n_people IS 'It has at least so many people; null: to be counted. In the working file only.';

CREATE TABLE IF NOT EXISTS theme_mentions (
    mention_id VARCHAR NOT NULL,
    ground VARCHAR NOT NULL,
    theme_id VARCHAR,
    similarity DOUBLE,
    occurred_at TIMESTAMPTZ,
    encoder_version VARCHAR,
    is_waiting BOOLEAN
);
COMMENT ON TABLE theme_mentions IS 'One row per mention and ground that may have themes: the theme that it belongs to.';
COMMENT ON COLUMN theme_mentions.mention_id IS 'The mention.';
COMMENT ON COLUMN theme_mentions.ground IS 'moment.delivery and the like, signal.suggestion, or outside.';
COMMENT ON COLUMN theme_mentions.theme_id IS 'The theme; null while it belongs to none.';
COMMENT ON COLUMN theme_mentions.similarity IS 'Cosine to the theme''s middle when it joined, -1 to 1; null without a theme.';
COMMENT ON COLUMN theme_mentions.occurred_at IS 'As of its feedback. In the working file only.';
COMMENT ON COLUMN theme_mentions.encoder_version IS 'Encoder of its vector; null without one. In the working file only.';
COMMENT ON COLUMN theme_mentions.is_waiting IS 'Whether it was not looked at yet. In the working file only.';

CREATE TABLE IF NOT EXISTS theme_grounds (
    ground VARCHAR NOT NULL,
    encoder_version VARCHAR NOT NULL,
    n_centred BIGINT NOT NULL,
    n_waiting BIGINT NOT NULL,
    centre DOUBLE[] NOT NULL,
    feelings INTEGER[],
    words VARCHAR[],
    weights INTEGER[],
    n_held BIGINT,
    least_group BIGINT
);
COMMENT ON TABLE theme_grounds IS 'One row per ground of themes: from where directions are measured. In the working file only.';
COMMENT ON COLUMN theme_grounds.ground IS 'moment.delivery and the like, signal.suggestion, or outside.';
COMMENT ON COLUMN theme_grounds.encoder_version IS 'The encoder whose vectors it holds for.';
COMMENT ON COLUMN theme_grounds.n_centred IS 'Mentions whose mean the centre is.';
COMMENT ON COLUMN theme_grounds.n_waiting IS 'Mentions that joined no theme since new themes were last looked for.';
COMMENT ON COLUMN theme_grounds.centre IS 'Mean of their directions.';
COMMENT ON COLUMN theme_grounds.feelings IS 'Directions in which feelings differ, one after the other; they are left out.';
COMMENT ON COLUMN theme_grounds.words IS 'Stems of words that at least least_group people, and at least 3, say in these mentions.';
COMMENT ON COLUMN theme_grounds.weights IS 'How much each of them tells.';
COMMENT ON COLUMN theme_grounds.n_held IS 'Its mentions after its last night; null: some have left it since.';
COMMENT ON COLUMN theme_grounds.least_group IS 'privacy.least_group of that night.';

CREATE TABLE IF NOT EXISTS theme_events (
    theme_id VARCHAR NOT NULL,
    happened_on DATE NOT NULL,
    event VARCHAR NOT NULL,
    other_id VARCHAR,
    n_mentions BIGINT NOT NULL,
    is_by_person BOOLEAN NOT NULL,
    run_id VARCHAR
);
COMMENT ON TABLE theme_events IS 'One row per thing that happened to a theme.';
COMMENT ON COLUMN theme_events.theme_id IS 'The theme.';
COMMENT ON COLUMN theme_events.happened_on IS 'The night.';
COMMENT ON COLUMN theme_events.event IS 'born, split (off other_id), merged (into other_id) or ended.';
COMMENT ON COLUMN theme_events.other_id IS 'The other theme of a split or a merge.';
COMMENT ON COLUMN theme_events.n_mentions IS 'Mentions that it had: after a birth or a split, before a merge or an end.';
COMMENT ON COLUMN theme_events.is_by_person IS 'Whether a person asked for it.';
COMMENT ON COLUMN theme_events.run_id IS 'The run in which it happened.';

CREATE TABLE IF NOT EXISTS signature_bands (
    feedback_id VARCHAR NOT NULL,
    occurred_at TIMESTAMPTZ,
    band UTINYINT NOT NULL,
    band_hash UBIGINT NOT NULL
);
COMMENT ON TABLE signature_bands IS 'Sixteen rows per original text of eight words or more: where a near duplicate of it would be met. In the working file only.';
COMMENT ON COLUMN signature_bands.feedback_id IS 'The original.';
COMMENT ON COLUMN signature_bands.occurred_at IS 'When it was written, UTC.';
COMMENT ON COLUMN signature_bands.band IS 'Which four of the 64 signature values, 0 to 15.';
COMMENT ON COLUMN signature_bands.band_hash IS 'Hash of those four values.';

CREATE TABLE IF NOT EXISTS edition (
    schema_version INTEGER NOT NULL,
    run_id VARCHAR,
    fingerprint VARCHAR,
    contract_version INTEGER,
    counted_stages VARCHAR,
    made_of VARCHAR,
    heard_by VARCHAR,
    sums MAP(VARCHAR, VARCHAR),
    follows VARCHAR
);
COMMENT ON TABLE edition IS 'One row: which edition of the warehouse this file is.';
COMMENT ON COLUMN edition.schema_version IS 'Version of the tables; a newer one is opened by a newer cxnlp only.';
COMMENT ON COLUMN edition.contract_version IS 'Version of what views promise: raised when a column goes or changes its meaning, not when one is added.';
COMMENT ON COLUMN edition.counted_stages IS 'Hash of which moment is of which stage, by which counted_labels was counted.';
COMMENT ON COLUMN edition.made_of IS 'Hash of the text of tables and views, by which those of another version are made anew.';
COMMENT ON COLUMN edition.heard_by IS 'Hash of the rules by which theme_mentions was made; with others it is made anew.';
COMMENT ON COLUMN edition.run_id IS 'Published files: the last run that is in it.';
COMMENT ON COLUMN edition.fingerprint IS 'Published files: a sum over all rows, by which an unchanged warehouse is recognised. Working files: that of the published file from which nothing differs but what people decide between nights; null where more may.';
COMMENT ON COLUMN edition.follows IS 'Published files: the file that was copied for it, in which what people decided was replaced; null where all was written anew.';
COMMENT ON COLUMN edition.sums IS 'Published files: of each table the number of rows and the sum of their hashes.';
