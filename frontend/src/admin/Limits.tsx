/** The limits of fetching: what holds now on a button, behind it the ones that can be changed. */

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client';
import type { SettingsAnswer, SettingsUpdate } from '../api/types';
import { t } from '../i18n/en';
import { speed } from '../lib/format';
import { readCount, readSpeed, speedTyped } from '../lib/limits';
import { asApiError } from '../state/resource';
import { offline } from '../state/session';
import { settings } from '../state/stats';
import { Dialog } from '../ui/Dialog';
import { Icon } from '../ui/icons';
import { ErrorBox } from '../ui/parts';
import { toast } from '../ui/toasts';
import { explain } from '../user/errors';

const kMost = 64;
const kKeys = [
  'limits.downloads',
  'limits.connections',
  'limits.bytes_per_second',
  'limits.bytes_per_second_per_download',
] as const;
type Key = (typeof kKeys)[number];
const isSpeed = (key: Key): boolean => key.startsWith('limits.bytes');

export function LimitsButton(): JSX.Element | null {
  const [open, setOpen] = useState(false);
  useEffect(() => void settings.load(), []);
  const now = settings.data.value?.limits_now;
  // Who may not see the settings has no use for the button.
  if (now === undefined) return null;
  const fast = now.bytes_per_second;
  return (
    <>
      <button type="button" class="btn" onClick={() => setOpen(true)}>
        <Icon name="overview" small />
        {now.downloads === 0
          ? t('limits.closed')
          : t('limits.button', { limit: fast > 0 ? speed(fast) : t('limits.none') })}
      </button>
      {open && settings.data.value && (
        <LimitsDialog answer={settings.data.value} onClose={() => setOpen(false)} />
      )}
    </>
  );
}

type Setting = SettingsAnswer['settings'][number];

const named = (answer: SettingsAnswer, key: string): Setting | undefined =>
  answer.settings.find((one) => one.key === key);

function typedOf(answer: SettingsAnswer, key: Key): string {
  const value = Number(named(answer, key)?.value ?? 0);
  return isSpeed(key) ? speedTyped(value) : String(value);
}

function LimitsDialog(props: { answer: SettingsAnswer; onClose: () => void }): JSX.Element {
  const { answer, onClose } = props;
  const [typed, setTyped] = useState<Partial<Record<Key, string>>>({});
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const windows = named(answer, 'limits.windows')?.value;

  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const change: SettingsUpdate = {};
    for (const key of kKeys) {
      const text = typed[key];
      if (text === undefined || text === typedOf(answer, key)) continue;
      const value = isSpeed(key) ? readSpeed(text) : readCount(text, kMost);
      if (value === null) {
        setError(t(isSpeed(key) ? 'limits.badSpeed' : 'limits.badCount', { most: kMost }));
        return;
      }
      change[key] = value;
    }
    if (Object.keys(change).length === 0) return onClose();
    setBusy(true);
    setError('');
    try {
      await api.changeSettings(change);
      await settings.load();
      toast(t('limits.changed'));
      onClose();
    } catch (thrown) {
      setError(explain(asApiError(thrown)));
      setBusy(false);
    }
  };

  return (
    <Dialog title={t('limits.title')} onClose={onClose}>
      <form class="form" onSubmit={save}>
        {error !== '' && <ErrorBox title="" detail={error} />}
        <div class="limits">
          {kKeys.map((key) => {
            const setting = named(answer, key);
            return (
              <label key={key}>
                <span>{t(`limits.name.${key}`)}</span>
                <span class="field">
                  <input
                    class="num"
                    inputMode="decimal"
                    autocomplete="off"
                    disabled={setting?.fixed}
                    placeholder={isSpeed(key) ? t('limits.none') : undefined}
                    value={typed[key] ?? typedOf(answer, key)}
                    onInput={(event) => setTyped({ ...typed, [key]: event.currentTarget.value })}
                  />
                  {isSpeed(key) && <span class="sm muted">MB/s</span>}
                </span>
                {setting?.fixed && (
                  <span class="sm muted">{t('limits.fixed', { variable: setting.variable })}</span>
                )}
              </label>
            );
          })}
        </div>
        <p class="sm muted">
          {t('limits.hint')}{' '}
          {Array.isArray(windows) &&
            windows.length > 0 &&
            t('limits.windows', { n: windows.length })}{' '}
          {answer.limits_now.window !== undefined && t('limits.windowNow')}
        </p>
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
