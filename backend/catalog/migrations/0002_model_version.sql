-- What is shown of a model is kept by its version, so the version grows with each change of the row, its revisions and
-- its refs, whoever makes it. Files come and go with their revision; only one that is changed in place counts by itself.
CREATE TRIGGER models_changed_version AFTER UPDATE ON models WHEN old.version = new.version BEGIN
  UPDATE models SET version = version + 1 WHERE pk = new.pk;
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
