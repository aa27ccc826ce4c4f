-- The catalog. Times are milliseconds since 1970 UTC, 0 where there is none; sizes are bytes; lists of short
-- texts (tags, patterns) are joined by newlines. Triggers keep what no writer may forget: the totals, the
-- change sequence of downloads, the names of deleted models, the blobs that may have become unused.

-- ---------------------------------------------------------------- models

CREATE TABLE models (
  pk INTEGER PRIMARY KEY AUTOINCREMENT,             -- never reused: events name a model by it
  id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 220),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 193),
  name_assumed INTEGER NOT NULL DEFAULT 0 CHECK (name_assumed IN (0, 1)),  -- an adopted folder: name = id
  canonical_name TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('downloading', 'ready', 'failed', 'archived')),
  integrity TEXT NOT NULL DEFAULT 'unverified'
    CHECK (integrity IN ('verified', 'unverified', 'corrupt', 'missing')),
  complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)),
  revision TEXT NOT NULL DEFAULT 'main',            -- as asked for
  commit_hash TEXT NOT NULL DEFAULT '',
  size_bytes INTEGER NOT NULL DEFAULT 0 CHECK (size_bytes >= 0),
  description TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '',
  pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
  task TEXT NOT NULL DEFAULT '',
  license TEXT NOT NULL DEFAULT '',
  library TEXT NOT NULL DEFAULT '',
  format TEXT NOT NULL DEFAULT '',
  gated TEXT NOT NULL DEFAULT '' CHECK (gated IN ('', 'auto', 'manual')),
  first_downloaded_by TEXT NOT NULL DEFAULT '',
  first_downloaded_from TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  downloaded_at INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1                -- grows with each change; the ETag
) STRICT;

CREATE UNIQUE INDEX models_id ON models (id);
-- A mount may fold case, so ids that differ only by case are the same folder.
CREATE UNIQUE INDEX models_id_folded ON models (lower(id));
CREATE UNIQUE INDEX models_name ON models (name);
CREATE INDEX models_canonical_name ON models (canonical_name) WHERE canonical_name <> '';
-- One index for each order of the list; a page is a keyset scan of it.
CREATE INDEX models_by_name ON models (name COLLATE NOCASE, pk);
CREATE INDEX models_by_size ON models (size_bytes, pk);
CREATE INDEX models_by_downloaded ON models (downloaded_at, pk);

-- Narrow on purpose: each batch of events updates it, and its pages are a twentieth of those of models.
CREATE TABLE model_counters (
  model_pk INTEGER PRIMARY KEY REFERENCES models (pk) ON DELETE CASCADE,
  download_count INTEGER NOT NULL DEFAULT 0,
  access_count INTEGER NOT NULL DEFAULT 0,
  total_requests INTEGER NOT NULL DEFAULT 0,
  unique_users INTEGER NOT NULL DEFAULT 0,
  last_used_at INTEGER NOT NULL DEFAULT 0,
  CHECK (total_requests = download_count + access_count AND download_count >= 0 AND access_count >= 0)
) STRICT;

-- By what the list is sorted where its order changes with use. Its indexes cost more than all else that an event
-- writes, so under load it follows model_counters by seconds; when little happens it is never behind.
CREATE TABLE model_ranks (
  model_pk INTEGER PRIMARY KEY REFERENCES models (pk) ON DELETE CASCADE,
  total_requests INTEGER NOT NULL DEFAULT 0,
  last_used_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX model_ranks_by_requests ON model_ranks (total_requests, model_pk);
CREATE INDEX model_ranks_by_used ON model_ranks (last_used_at, model_pk);

CREATE TABLE model_users (
  model_pk INTEGER NOT NULL REFERENCES models (pk) ON DELETE CASCADE,
  user_pk INTEGER NOT NULL,
  PRIMARY KEY (model_pk, user_pk)
) STRICT, WITHOUT ROWID;

-- What a pk was called, also after the model is gone: past events keep their model's id.
CREATE TABLE model_history (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  name TEXT NOT NULL
) STRICT;

-- Kept by catalog/model_search.cpp, not by triggers: with trusted_schema off a trigger may not touch it.
CREATE VIRTUAL TABLE models_fts USING fts5 (name, canonical_name, description, tags, tokenize = 'trigram');

-- ---------------------------------------------------------------- revisions, files, blobs

CREATE TABLE revisions (
  pk INTEGER PRIMARY KEY AUTOINCREMENT,
  model_pk INTEGER NOT NULL REFERENCES models (pk) ON DELETE CASCADE,
  commit_hash TEXT NOT NULL,                        -- '' for an adopted folder, whose commit nobody knows
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  file_count INTEGER NOT NULL CHECK (file_count >= 0),
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
  allow_patterns TEXT NOT NULL DEFAULT '',
  ignore_patterns TEXT NOT NULL DEFAULT '',
  in_folder INTEGER NOT NULL CHECK (in_folder IN (0, 1)),  -- 1: it is what <mount>/<id>/ shows
  published_at INTEGER NOT NULL,
  UNIQUE (model_pk, commit_hash)
) STRICT;
CREATE UNIQUE INDEX revisions_one_in_folder ON revisions (model_pk) WHERE in_folder = 1;

-- What a branch or tag meant when it was last resolved.
CREATE TABLE refs (
  model_pk INTEGER NOT NULL REFERENCES models (pk) ON DELETE CASCADE,
  name TEXT NOT NULL,
  revision_pk INTEGER NOT NULL REFERENCES revisions (pk) ON DELETE CASCADE,
  resolved_at INTEGER NOT NULL,
  PRIMARY KEY (model_pk, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX refs_revision ON refs (revision_pk);

CREATE TABLE blobs (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE revision_files (
  revision_pk INTEGER NOT NULL REFERENCES revisions (pk) ON DELETE CASCADE,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL REFERENCES blobs (sha256),
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  git_oid TEXT NOT NULL DEFAULT '',
  verified_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (revision_pk, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_files_blob ON revision_files (sha256);
CREATE INDEX revision_files_git ON revision_files (git_oid) WHERE git_oid <> '';

-- Blobs that lost a row which named them. Whether they are unused is decided when they are swept.
CREATE TABLE sweep_candidates (
  sha256 TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- downloads

CREATE TABLE downloads (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  model_pk INTEGER REFERENCES models (pk) ON DELETE SET NULL,
  model_id TEXT NOT NULL,
  model_name TEXT NOT NULL,
  revision TEXT NOT NULL,
  commit_hash TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing',
                                         'ready', 'paused', 'failed', 'cancelled')),
  wait_reason TEXT NOT NULL DEFAULT '' CHECK (wait_reason IN (
    '', 'slot', 'order', 'disk_full', 'storage_readonly', 'upstream', 'rate_limited', 'window')),
  not_before INTEGER NOT NULL DEFAULT 0,            -- a queued one is not claimed earlier
  priority INTEGER NOT NULL DEFAULT 1 CHECK (priority IN (0, 1, 2)),  -- low, normal, high
  position INTEGER NOT NULL,                        -- order among queued ones of one priority
  epoch INTEGER NOT NULL DEFAULT 0,                 -- the fence: grows with each claim
  attempts INTEGER NOT NULL DEFAULT 0,
  stalled_tries INTEGER NOT NULL DEFAULT 0,         -- in a row that brought not one byte
  allow_patterns TEXT NOT NULL DEFAULT '',
  ignore_patterns TEXT NOT NULL DEFAULT '',
  wanted_version INTEGER NOT NULL DEFAULT 1,        -- grows when an asker widens the patterns
  planned_version INTEGER NOT NULL DEFAULT 0,       -- the one the file rows were made from
  in_folder INTEGER NOT NULL DEFAULT 1 CHECK (in_folder IN (0, 1)),
  complete INTEGER NOT NULL DEFAULT 1 CHECK (complete IN (0, 1)),     -- the plan leaves no upstream file out
  bytes_done INTEGER NOT NULL DEFAULT 0 CHECK (bytes_done >= 0),
  bytes_total INTEGER NOT NULL DEFAULT 0 CHECK (bytes_total >= 0),
  bytes_per_second INTEGER NOT NULL DEFAULT 0 CHECK (bytes_per_second >= 0),
  eta_seconds INTEGER CHECK (eta_seconds >= 0),
  error TEXT NOT NULL DEFAULT '',
  error_code TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  claimed_at INTEGER NOT NULL DEFAULT 0,
  finished_at INTEGER NOT NULL DEFAULT 0,
  seq INTEGER NOT NULL DEFAULT 0                    -- the change that touched it last
) STRICT;

-- Asked twice is one download.
CREATE UNIQUE INDEX downloads_one_active ON downloads (model_pk, revision)
  WHERE status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing', 'paused');
CREATE INDEX downloads_queue ON downloads (priority DESC, position, id) WHERE status = 'queued';
CREATE INDEX downloads_unfinished ON downloads (status)
  WHERE status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing', 'paused');
CREATE INDEX downloads_model ON downloads (model_pk, id) WHERE model_pk IS NOT NULL;
CREATE UNIQUE INDEX downloads_seq ON downloads (seq) WHERE seq > 0;

-- The allowed moves. catalog/words.h has the same table; a test compares them.
CREATE TABLE download_moves (
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  PRIMARY KEY (before, after)
) STRICT, WITHOUT ROWID;
INSERT INTO download_moves (before, after) VALUES
  ('queued', 'resolving'), ('queued', 'paused'), ('queued', 'cancelled'),
  ('resolving', 'downloading'), ('resolving', 'verifying'), ('resolving', 'queued'),
  ('resolving', 'paused'), ('resolving', 'failed'), ('resolving', 'cancelled'),
  ('downloading', 'verifying'), ('downloading', 'queued'), ('downloading', 'paused'),
  ('downloading', 'failed'), ('downloading', 'cancelled'),
  ('verifying', 'publishing'), ('verifying', 'downloading'), ('verifying', 'queued'),
  ('verifying', 'paused'), ('verifying', 'failed'), ('verifying', 'cancelled'),
  ('publishing', 'ready'), ('publishing', 'queued'), ('publishing', 'paused'),
  ('publishing', 'failed'), ('publishing', 'cancelled'),
  ('paused', 'queued'), ('paused', 'cancelled'),
  ('failed', 'queued'), ('failed', 'cancelled');

CREATE TABLE download_files (
  download_id INTEGER NOT NULL REFERENCES downloads (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,                          -- the part's name in staging
  path TEXT NOT NULL,
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  sha256 TEXT NOT NULL DEFAULT '',                  -- upstream's, or ours once every byte was hashed
  git_oid TEXT NOT NULL DEFAULT '',
  is_lfs INTEGER NOT NULL DEFAULT 0 CHECK (is_lfs IN (0, 1)),
  bytes_done INTEGER NOT NULL DEFAULT 0 CHECK (bytes_done BETWEEN 0 AND size_bytes),
  checkpoint_bytes INTEGER NOT NULL DEFAULT 0 CHECK (checkpoint_bytes BETWEEN 0 AND size_bytes),
  etag TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'queued'
    CHECK (status IN ('queued', 'downloading', 'verifying', 'ready', 'failed')),
  PRIMARY KEY (download_id, number),
  UNIQUE (download_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX download_files_blob ON download_files (sha256) WHERE sha256 <> '';

CREATE TABLE download_askers (
  download_id INTEGER NOT NULL REFERENCES downloads (id) ON DELETE CASCADE,
  username TEXT NOT NULL,
  ip_address TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  PRIMARY KEY (download_id, username, ip_address)
) STRICT, WITHOUT ROWID;

-- What a fetcher still has to take off the mount: rows go first, then bytes.
CREATE TABLE removals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('model', 'revision', 'staging')),
  model_id TEXT NOT NULL DEFAULT '',
  model_name TEXT NOT NULL DEFAULT '',
  commit_hash TEXT NOT NULL DEFAULT '',
  download_id INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

-- ---------------------------------------------------------------- use

-- Interned: an event is a few small integers. No foreign keys, one event in a million would pay for three lookups.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,                          -- the order; times may jump
  at INTEGER NOT NULL,
  action INTEGER NOT NULL,
  user INTEGER NOT NULL,
  address INTEGER NOT NULL,
  model INTEGER,                                    -- models.pk, also of a model that is gone
  refusal INTEGER                                   -- the HTTP status when it was 400 or above
) STRICT;
-- The newest events without those that pages poll (actions 1 to 3). The key is always 0, which takes no byte,
-- so an entry is little more than its rowid.
CREATE INDEX events_listed ON events (at < 0) WHERE action > 3;

CREATE TABLE actions (
  pk INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO actions (pk, name) VALUES (1, 'health'), (2, 'stats'), (3, 'list_downloads'), (4, 'list'), (5, 'get'),
  (6, 'download'), (7, 'update'), (8, 'delete');

CREATE TABLE users (
  pk INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  first_seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE addresses (
  pk INTEGER PRIMARY KEY,
  address TEXT NOT NULL UNIQUE
) STRICT;

-- How far each journal file has been imported; moved in the transaction that brings its events.
CREATE TABLE journals (
  file TEXT PRIMARY KEY,
  imported_bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- the store as a whole

CREATE TABLE totals (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  listed_models INTEGER NOT NULL DEFAULT 0,         -- every row of models
  total_models INTEGER NOT NULL DEFAULT 0,          -- those with a ready revision
  total_size_bytes INTEGER NOT NULL DEFAULT 0,
  stored_bytes INTEGER NOT NULL DEFAULT 0,          -- each blob once
  total_requests INTEGER NOT NULL DEFAULT 0,
  unique_users INTEGER NOT NULL DEFAULT 0,
  bytes_served INTEGER NOT NULL DEFAULT 0,
  download_seq INTEGER NOT NULL DEFAULT 0,          -- the last change of a download
  queue_seq INTEGER NOT NULL DEFAULT 0              -- the last one that moved places in the queue
) STRICT;
INSERT INTO totals (only) VALUES (1);

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who was seen alive when: 'upstream', 'fetcher:<n>'.
CREATE TABLE heartbeats (
  name TEXT PRIMARY KEY,
  seen_at INTEGER NOT NULL,
  detail TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- triggers

CREATE TRIGGER models_inserted AFTER INSERT ON models BEGIN
  INSERT INTO model_counters (model_pk) VALUES (new.pk);
  INSERT INTO model_ranks (model_pk) VALUES (new.pk);
  INSERT INTO model_history (pk, id, name) VALUES (new.pk, new.id, new.name);
  UPDATE totals SET
    listed_models = listed_models + 1,
    total_models = total_models + (new.status IN ('ready', 'archived')),
    total_size_bytes = total_size_bytes + iif(new.status IN ('ready', 'archived'), new.size_bytes, 0);
END;

CREATE TRIGGER models_deleted AFTER DELETE ON models BEGIN
  UPDATE totals SET
    listed_models = listed_models - 1,
    total_models = total_models - (old.status IN ('ready', 'archived')),
    total_size_bytes = total_size_bytes - iif(old.status IN ('ready', 'archived'), old.size_bytes, 0);
END;

CREATE TRIGGER models_sized AFTER UPDATE OF status, size_bytes ON models
WHEN old.status <> new.status OR old.size_bytes <> new.size_bytes BEGIN
  UPDATE totals SET
    total_models = total_models + (new.status IN ('ready', 'archived')) - (old.status IN ('ready', 'archived')),
    total_size_bytes = total_size_bytes + iif(new.status IN ('ready', 'archived'), new.size_bytes, 0)
                                        - iif(old.status IN ('ready', 'archived'), old.size_bytes, 0);
END;

CREATE TRIGGER models_renamed AFTER UPDATE OF id, name ON models
WHEN old.id <> new.id OR old.name <> new.name BEGIN
  UPDATE model_history SET id = new.id, name = new.name WHERE pk = new.pk;
END;

CREATE TRIGGER blobs_inserted AFTER INSERT ON blobs BEGIN
  UPDATE totals SET stored_bytes = stored_bytes + new.size_bytes;
END;
CREATE TRIGGER blobs_deleted AFTER DELETE ON blobs BEGIN
  UPDATE totals SET stored_bytes = stored_bytes - old.size_bytes;
END;

CREATE TRIGGER revision_files_deleted AFTER DELETE ON revision_files BEGIN
  INSERT OR IGNORE INTO sweep_candidates (sha256) VALUES (old.sha256);
END;

CREATE TRIGGER download_files_deleted AFTER DELETE ON download_files WHEN old.sha256 <> '' BEGIN
  INSERT OR IGNORE INTO sweep_candidates (sha256) VALUES (old.sha256);
END;

CREATE TRIGGER downloads_moved BEFORE UPDATE OF status ON downloads
WHEN old.status <> new.status
  AND NOT EXISTS (SELECT 1 FROM download_moves WHERE before = old.status AND after = new.status) BEGIN
  SELECT RAISE(ABORT, 'a download cannot make this move');
END;

-- A finished download no longer holds on to its blobs: publishing moved them into a revision, the others go.
CREATE TRIGGER downloads_finished AFTER UPDATE OF status ON downloads
WHEN old.status <> new.status AND new.status IN ('ready', 'cancelled') BEGIN
  INSERT OR IGNORE INTO sweep_candidates (sha256)
    SELECT sha256 FROM download_files WHERE download_id = new.id AND sha256 <> '';
END;

CREATE TRIGGER downloads_inserted AFTER INSERT ON downloads BEGIN
  UPDATE totals SET download_seq = download_seq + 1,
    queue_seq = iif(new.status = 'queued', download_seq + 1, queue_seq);
  UPDATE downloads SET seq = (SELECT download_seq FROM totals) WHERE id = new.id;
END;

CREATE TRIGGER downloads_changed AFTER UPDATE ON downloads WHEN old.seq = new.seq BEGIN
  UPDATE totals SET download_seq = download_seq + 1,
    queue_seq = iif((old.status = 'queued') <> (new.status = 'queued') OR old.position <> new.position
                    OR old.priority <> new.priority, download_seq + 1, queue_seq);
  UPDATE downloads SET seq = (SELECT download_seq FROM totals) WHERE id = new.id;
END;
