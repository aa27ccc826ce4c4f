/** Asks before models go for good. Several at once, or one in much use, want the word typed. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Model } from '../api/types';
import { t } from '../i18n/en';
import { bytes } from '../lib/format';
import { offline } from '../state/session';
import { Dialog } from '../ui/Dialog';
import { deleteModels } from './bulk';

const kNamed = 6;

interface DeleteModelsProps {
  models: Model[];
  /** Told the ids that are gone; none when the person thought better of it. */
  onClose: (gone: string[]) => void;
}

export function DeleteModels({ models, onClose }: DeleteModelsProps): JSX.Element {
  const [typed, setTyped] = useState('');
  const [done, setDone] = useState<number | null>(null);
  const size = models.reduce((sum, model) => sum + model.size_bytes, 0);
  const uses = models.reduce((sum, model) => sum + model.stats.total_requests, 0);
  const word = t('models.delete.word');
  const mustType = models.length > 1;
  const ready = !mustType || typed.trim().toLowerCase() === word;
  const busy = done !== null;

  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!ready || busy) return;
    onClose(await deleteModels(models, setDone));
  };
  return (
    <Dialog
      title={t('models.delete.title', { n: models.length, name: models[0]?.name ?? '' })}
      onClose={() => {
        if (!busy) onClose([]);
      }}
    >
      <form class="form" onSubmit={go}>
        <p class="muted">
          {t('models.delete.text')} {size > 0 && t('models.delete.size', { size: bytes(size) })}{' '}
          {uses > 0 && t('models.delete.used', { n: uses })}
        </p>
        {models.length > 1 && (
          <ul class="name-list">
            {models.slice(0, kNamed).map((model) => (
              <li key={model.id} class="truncate">
                {model.name} <span class="dim num">{bytes(model.size_bytes)}</span>
              </li>
            ))}
            {models.length > kNamed && (
              <li class="dim">{t('models.delete.more', { n: models.length - kNamed })}</li>
            )}
          </ul>
        )}
        {mustType && (
          <label>
            <span>{t('models.delete.type', { word })}</span>
            <span class="field">
              <input
                value={typed}
                autocomplete="off"
                autocapitalize="off"
                spellcheck={false}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
            </span>
          </label>
        )}
        <div class="actions">
          <button type="button" class="btn" disabled={busy} onClick={() => onClose([])}>
            {t('action.cancel')}
          </button>
          <button type="submit" class="btn danger" disabled={!ready || busy || offline.value}>
            {busy
              ? t('models.deleting', { n: done + 1, total: models.length })
              : t('models.delete.yes')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
