/** Told once for the whole page while the store does not answer. */

import type { JSX } from 'preact';
import { t } from '../i18n/en';
import { offline } from '../state/session';
import { Icon } from '../ui/icons';

export function OfflineBar(): JSX.Element {
  return (
    <div role="status">
      {offline.value && (
        <div class="offline">
          <Icon name="warning" small />
          <span>{t('state.offline')}</span>
        </div>
      )}
    </div>
  );
}
