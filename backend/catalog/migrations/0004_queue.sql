-- What a download does when the disk has no room for it, and whether its bytes are reserved there.
ALTER TABLE downloads ADD COLUMN waits_when_full INTEGER NOT NULL DEFAULT 0 CHECK (waits_when_full IN (0, 1));
ALTER TABLE downloads ADD COLUMN space_reserved INTEGER NOT NULL DEFAULT 0 CHECK (space_reserved IN (0, 1));
-- 1: claimed to be planned, not to be fetched. It holds no slot, so people see it as queued.
ALTER TABLE downloads ADD COLUMN plans_ahead INTEGER NOT NULL DEFAULT 0 CHECK (plans_ahead IN (0, 1));

-- Who changed which setting, from what to what; '' is the default. Only ever added to.
CREATE TABLE setting_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL,
  old_value TEXT NOT NULL,
  new_value TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;

-- Finished downloads are forgotten in the order in which they ended.
CREATE INDEX downloads_ended ON downloads (finished_at, id) WHERE status IN ('ready', 'cancelled');
