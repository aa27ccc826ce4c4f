/** What people say about a model: description, tags, whether it is set aside or pinned. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../api/client';
import type { Model, ModelUpdate } from '../api/types';
import { t } from '../i18n/en';
import { mergeModel } from '../state/models';
import { asApiError } from '../state/resource';
import { offline } from '../state/session';
import { Dialog } from '../ui/Dialog';
import { ErrorBox, Segments } from '../ui/parts';
import { toast } from '../ui/toasts';
import { explain } from '../user/errors';

const kMostTags = 64;
const kLongestTag = 64;

interface EditModelProps {
  model: Model;
  onClose: () => void;
}

export function EditModel({ model, onClose }: EditModelProps): JSX.Element {
  const [description, setDescription] = useState(model.description);
  const [tags, setTags] = useState(model.tags.join(', '));
  const [pinned, setPinned] = useState(model.pinned);
  const [status, setStatus] = useState(model.status);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const canSetStatus = model.status === 'ready' || model.status === 'archived';

  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const list = splitTags(tags);
    if (list.length > kMostTags || list.some((tag) => [...tag].length > kLongestTag)) {
      setError(t('models.edit.tagLong'));
      return;
    }
    const change: ModelUpdate = { description, tags: list, pinned };
    if (canSetStatus && (status === 'ready' || status === 'archived')) change.status = status;
    setBusy(true);
    setError('');
    try {
      mergeModel(await api.updateModel(model.id, change));
      toast(t('models.changed', { n: 1, name: model.name }));
      onClose();
    } catch (thrown) {
      setError(explain(asApiError(thrown)));
      setBusy(false);
    }
  };

  return (
    <Dialog title={t('models.edit.title', { name: model.name })} onClose={onClose}>
      <form class="form" onSubmit={save}>
        {error !== '' && <ErrorBox title="" detail={error} />}
        <label>
          <span>{t('models.edit.description')}</span>
          <textarea
            class="area"
            maxLength={4096}
            placeholder={t('models.edit.descriptionHint')}
            value={description}
            onInput={(event) => setDescription(event.currentTarget.value)}
          />
        </label>
        <label>
          <span>{t('models.edit.tags')}</span>
          <span class="field">
            <input
              value={tags}
              placeholder={t('models.edit.tagsHint')}
              autocomplete="off"
              onInput={(event) => setTags(event.currentTarget.value)}
            />
          </span>
        </label>
        {canSetStatus && (
          <div>
            <span class="label">{t('models.edit.status')}</span>
            <Segments
              label={t('models.edit.status')}
              value={status}
              options={[
                { value: 'ready', label: t('status.ready') },
                { value: 'archived', label: t('status.archived') },
              ]}
              onChange={setStatus}
            />
            <p class="sm muted who-hint">{t('models.edit.statusHint')}</p>
          </div>
        )}
        <label class="row">
          <input
            type="checkbox"
            checked={pinned}
            onChange={(event) => setPinned(event.currentTarget.checked)}
          />
          <span class="plain">{t('models.edit.pinned')}</span>
        </label>
        <div class="actions">
          <button type="button" class="btn" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" class="btn primary" disabled={busy || offline.value}>
            {t('models.edit.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function splitTags(typed: string): string[] {
  const tags = typed
    .split(/[,\n]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  return [...new Set(tags)];
}
