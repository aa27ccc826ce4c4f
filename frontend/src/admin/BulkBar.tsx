/** What can be done with the selected models. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Model, ModelUpdate } from '../api/types';
import { t } from '../i18n/en';
import { bytes } from '../lib/format';
import { offline } from '../state/session';
import { Icon } from '../ui/icons';
import { changeModels } from './bulk';

interface BulkBarProps {
  models: Model[];
  onClear: () => void;
  onDelete: () => void;
}

export function BulkBar({ models, onClear, onDelete }: BulkBarProps): JSX.Element {
  const [busy, setBusy] = useState(false);
  const disabled = busy || offline.value;
  const size = models.reduce((sum, model) => sum + model.size_bytes, 0);
  const ready = models.filter((model) => model.status === 'ready');
  const archived = models.filter((model) => model.status === 'archived');
  const unpinned = models.filter((model) => !model.pinned);
  const change = async (some: Model[], to: ModelUpdate): Promise<void> => {
    setBusy(true);
    await changeModels(some, to);
    setBusy(false);
  };
  return (
    <fieldset class="admin-tools bulk" aria-label={t('models.bulk')}>
      <b class="num" role="status">
        {t('models.selected', { n: models.length })}
      </b>
      <span class="sm muted num">{bytes(size)}</span>
      <button type="button" class="link sm" onClick={onClear}>
        {t('models.clearSelection')}
      </button>
      <div class="row end">
        <button
          type="button"
          class="btn"
          disabled={disabled}
          onClick={() =>
            void change(unpinned.length > 0 ? unpinned : models, { pinned: unpinned.length > 0 })
          }
        >
          <Icon name="pin" small />
          {t(unpinned.length > 0 ? 'models.pin' : 'models.unpin')}
        </button>
        {ready.length > 0 && (
          <button
            type="button"
            class="btn"
            disabled={disabled}
            onClick={() => void change(ready, { status: 'archived' })}
          >
            <Icon name="archive" small />
            {t('models.archive')}
          </button>
        )}
        {archived.length > 0 && (
          <button
            type="button"
            class="btn"
            disabled={disabled}
            onClick={() => void change(archived, { status: 'ready' })}
          >
            <Icon name="okCircle" small />
            {t('models.restore')}
          </button>
        )}
        <button type="button" class="btn danger" disabled={disabled} onClick={onDelete}>
          <Icon name="trash" small />
          {t('models.delete')}
        </button>
      </div>
    </fieldset>
  );
}
