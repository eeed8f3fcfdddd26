-- Which layout each model has, without the facts beside it: verdicts ask that of whole libraries.
CREATE INDEX facts_layout ON facts (layout_id, model_id);
