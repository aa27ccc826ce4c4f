/** Fetches what upstream has changed; the model stays ready meanwhile. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../api/client';
import type { Model } from '../api/types';
import { t } from '../i18n/en';
import { downloadOf, feed, mergeDownloads } from '../state/downloads';
import { asApiError } from '../state/resource';
import { offline } from '../state/session';
import { Icon } from '../ui/icons';
import { toast } from '../ui/toasts';
import { explain } from './errors';

export function UpdateButton({ model }: { model: Model }): JSX.Element | null {
  const [sending, setSending] = useState(false);
  // What is on its way already needs no second asking.
  if (downloadOf(model.id) !== undefined) return null;
  const update = async (): Promise<void> => {
    setSending(true);
    try {
      const answer = await api.refreshModel(model.id);
      if (answer.download) mergeDownloads([answer.download]);
      feed.poke();
      toast(t('model.update.queued', { name: model.name }));
    } catch (thrown) {
      toast(explain(asApiError(thrown)));
    }
    setSending(false);
  };
  return (
    <button type="button" class="btn primary" disabled={sending || offline.value} onClick={update}>
      <Icon name="download" small />
      {t('model.update')}
    </button>
  );
}
