-- What is shown of a model is kept by its version, so the version grows with each change of the row, its revisions and
-- its refs, whoever makes it. Files come and go with their revision; only one that is changed in place counts by itself.
CREATE TRIGGER models_changed_version AFTER UPDATE ON models WHEN old.version = new.version BEGIN
  UPDATE models SET version = version + 1 WHERE pk = new.pk;
END;

-- A list needs of a model no more than its counters and its version: beside each other they are one narrow row.
ALTER TABLE model_counters ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
UPDATE model_counters SET version = (SELECT version FROM models WHERE pk = model_pk);
CREATE TRIGGER models_version AFTER UPDATE OF version ON models BEGIN
  UPDATE model_counters SET version = new.version WHERE model_pk = new.pk;
END;

CREATE TRIGGER revisions_inserted_version AFTER INSERT ON revisions BEGIN
  UPDATE models SET version = version + 1 WHERE pk = new.model_pk;
END;
CREATE TRIGGER revisions_changed_version AFTER UPDATE ON revisions BEGIN
  UPDATE models SET version = version + 1 WHERE pk = new.model_pk;
END;
CREATE TRIGGER revisions_deleted_version AFTER DELETE ON revisions BEGIN
  UPDATE models SET version = version + 1 WHERE pk = old.model_pk;
END;
CREATE TRIGGER refs_inserted_version AFTER INSERT ON refs BEGIN
  UPDATE models SET version = version + 1 WHERE pk = new.model_pk;
END;
CREATE TRIGGER refs_moved_version AFTER UPDATE ON refs WHEN old.revision_pk <> new.revision_pk BEGIN
  UPDATE models SET version = version + 1 WHERE pk = new.model_pk;
END;
CREATE TRIGGER refs_deleted_version AFTER DELETE ON refs BEGIN
  UPDATE models SET version = version + 1 WHERE pk = old.model_pk;
END;
CREATE TRIGGER revision_files_changed_version AFTER UPDATE ON revision_files BEGIN
  UPDATE models SET version = version + 1
  WHERE pk = (SELECT model_pk FROM revisions WHERE pk = new.revision_pk);
END;
