-- What upstream has beyond the folder. The commit is shown with the model and changes seldom; when upstream was
-- looked at is nobody's business and changes daily, so it stands apart.
ALTER TABLE models ADD COLUMN newer_commit TEXT NOT NULL DEFAULT '';    -- '' while the folder is what upstream has
ALTER TABLE models ADD COLUMN newer_seen_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE upstream_looks (
  model_pk INTEGER PRIMARY KEY REFERENCES models (pk) ON DELETE CASCADE,
  looked_at INTEGER NOT NULL,
  etag TEXT NOT NULL DEFAULT ''                     -- of the answer, so that the next look costs upstream little
) STRICT;
