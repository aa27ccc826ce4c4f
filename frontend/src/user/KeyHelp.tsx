/** The list of shortcuts, opened with "?". */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { type MessageKey, t } from '../i18n/en';
import { singleKeys } from '../state/prefs';
import { Dialog } from '../ui/Dialog';

export const helpOpen = signal(false);

const kRows: readonly [MessageKey, readonly string[]][] = [
  ['keys.search', ['/']],
  ['keys.move', ['J', 'K']],
  ['keys.open', ['Enter']],
  ['keys.select', ['X']],
  ['keys.filters', ['F']],
  ['keys.copy', ['C']],
  ['keys.new', ['N']],
  ['keys.pause', ['P']],
  ['keys.goto', ['G', 'M', 'D', 'O']],
  ['keys.help', ['?']],
  ['keys.close', ['Esc']],
];

export function KeyHelp(): JSX.Element | null {
  if (!helpOpen.value) return null;
  const close = (): void => {
    helpOpen.value = false;
  };
  return (
    <Dialog title={t('keys.title')} onClose={close}>
      {!singleKeys.value && <p class="muted">{t('keys.off')}</p>}
      <dl class="keys">
        {kRows.map(([what, keys]) => (
          <>
            <dt>{t(what)}</dt>
            <dd>
              {keys.map((key, at) => (
                <>
                  {what === 'keys.goto' && at === 1 && <span class="dim sm">{t('keys.then')}</span>}
                  <kbd>{key}</kbd>
                </>
              ))}
            </dd>
          </>
        ))}
      </dl>
      <div class="actions">
        <button type="button" class="btn" onClick={close}>
          {t('action.close')}
        </button>
      </div>
    </Dialog>
  );
}
