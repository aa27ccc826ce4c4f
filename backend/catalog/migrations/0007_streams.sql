-- What the hub door gives of repos that are not stored: what upstream said of them, and downloads that a client is
-- waiting for.
ALTER TABLE downloads ADD COLUMN streams INTEGER NOT NULL DEFAULT 0 CHECK (streams IN (0, 1));  -- 1: it needs no slot
-- The commit that the client was told of: `main` may be another one by now. '' is whatever the revision means then.
ALTER TABLE downloads ADD COLUMN pinned_commit TEXT NOT NULL DEFAULT '';
-- 1: someone is waiting for this one at the door.
ALTER TABLE download_files ADD COLUMN wanted INTEGER NOT NULL DEFAULT 0 CHECK (wanted IN (0, 1));

CREATE INDEX downloads_streams ON downloads (position, id) WHERE status = 'queued' AND streams = 1;

-- The last word of upstream on a branch, a tag or a commit, refusals too.
CREATE TABLE upstream_answers (
  repo TEXT NOT NULL,
  revision TEXT NOT NULL,
  commit_hash TEXT NOT NULL DEFAULT '',             -- '' where it was refused
  error_kind INTEGER NOT NULL DEFAULT 0,
  error_code TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT '',
  etag TEXT NOT NULL DEFAULT '',                    -- to ask cheaply whether it still holds
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (repo, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX upstream_answers_commit ON upstream_answers (repo, commit_hash);
CREATE INDEX upstream_answers_age ON upstream_answers (answered_at);

-- What a commit holds. That never changes, so it is never asked for again.
CREATE TABLE upstream_listings (
  pk INTEGER PRIMARY KEY AUTOINCREMENT,
  repo TEXT NOT NULL,                               -- as it was asked for
  commit_hash TEXT NOT NULL,
  canonical_name TEXT NOT NULL,
  task TEXT NOT NULL DEFAULT '',
  license TEXT NOT NULL DEFAULT '',
  library TEXT NOT NULL DEFAULT '',
  gated TEXT NOT NULL DEFAULT '',
  listed_at INTEGER NOT NULL,
  UNIQUE (repo, commit_hash)
) STRICT;
CREATE INDEX upstream_listings_age ON upstream_listings (listed_at);

CREATE TABLE upstream_files (
  listing_pk INTEGER NOT NULL REFERENCES upstream_listings (pk) ON DELETE CASCADE,
  path TEXT NOT NULL,
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  sha256 TEXT NOT NULL DEFAULT '',
  git_oid TEXT NOT NULL DEFAULT '',
  is_lfs INTEGER NOT NULL DEFAULT 0 CHECK (is_lfs IN (0, 1)),
  PRIMARY KEY (listing_pk, path)
) STRICT, WITHOUT ROWID;

-- Content of which clients may have read wrong bytes while it was fetched. For a while nobody may go on in the middle.
CREATE TABLE replaced_blobs (
  sha256 TEXT PRIMARY KEY,
  replaced_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
