-- Where the files of a download come from: the Hub, a folder of this machine, or a Hub client that pushes.
ALTER TABLE downloads ADD COLUMN source TEXT NOT NULL DEFAULT 'upstream'
  CHECK (source IN ('upstream', 'import', 'push'));
-- 1: what the model's folder shows was imported or pushed. No hub is ever asked about such a model.
ALTER TABLE models ADD COLUMN is_local INTEGER NOT NULL DEFAULT 0 CHECK (is_local IN (0, 1));
-- Known of refs that were made here; what upstream's are, nobody says.
ALTER TABLE refs ADD COLUMN is_tag INTEGER NOT NULL DEFAULT 0 CHECK (is_tag IN (0, 1));
