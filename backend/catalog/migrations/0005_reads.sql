-- Reads through the hub door. A row is one download: one caller's file reads of one revision, until there were none for
-- ten minutes. No foreign keys: what was read stays on record when the model is gone.
CREATE TABLE hub_reads (
  pk INTEGER PRIMARY KEY,
  model_pk INTEGER NOT NULL,
  commit_hash TEXT NOT NULL,                        -- as the door names the revision
  user_pk INTEGER NOT NULL,
  caller INTEGER NOT NULL,                          -- addresses.pk where nobody is named; 0 where the name tells
  address_pk INTEGER NOT NULL,                      -- of the first request
  client TEXT NOT NULL,                             -- a family: huggingface_hub, llama.cpp, curl
  began_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,                         -- of the last request, or when the last byte left
  requests INTEGER NOT NULL,
  bytes_served INTEGER NOT NULL
) STRICT;
CREATE INDEX hub_reads_caller ON hub_reads (user_pk, caller, model_pk, last_at);
CREATE INDEX hub_reads_model ON hub_reads (model_pk, last_at);

-- What part of bytes_served upstream had to send for that very reader.
ALTER TABLE totals ADD COLUMN bytes_streamed INTEGER NOT NULL DEFAULT 0;
