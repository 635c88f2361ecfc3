-- Question: what becomes of last night's items when tonight's are known?
-- Grain: one row per item. Reader: cxnlp/backlog/items.py, with tonight's items registered as `tonight`.
-- An item keeps the night it was opened on and its days from first feedback to item. One that no longer qualifies
-- stays with the numbers of the last night it did, as 'quiet'. States that people gave are never changed here.
MERGE INTO backlog AS kept
USING tonight ON kept.item_id = tonight.item_id
WHEN MATCHED THEN UPDATE SET
    title = tonight.title,
    stage = tonight.stage,
    state = CASE WHEN kept.state = 'quiet' THEN 'new' ELSE kept.state END,
    first_feedback_on = least(kept.first_feedback_on, tonight.first_feedback_on),
    last_feedback_on = greatest(kept.last_feedback_on, tonight.last_feedback_on),
    n_mentions = tonight.n_mentions,
    n_customers = tonight.n_customers,
    n_mentions_recent = tonight.n_mentions_recent,
    trend = tonight.trend,
    trend_word = tonight.trend_word,
    severity = tonight.severity,
    priority = tonight.priority,
    net_sentiment = tonight.net_sentiment,
    warnings = tonight.warnings,
    owner = tonight.owner,
    quote_1 = tonight.quote_1,
    quote_2 = tonight.quote_2,
    quote_3 = tonight.quote_3,
    quote_1_mention_id = tonight.quote_1_mention_id,
    quote_2_mention_id = tonight.quote_2_mention_id,
    quote_3_mention_id = tonight.quote_3_mention_id,
    run_id = tonight.run_id
WHEN NOT MATCHED THEN INSERT BY NAME
WHEN NOT MATCHED BY SOURCE AND kept.state = 'new' THEN UPDATE SET state = 'quiet'
