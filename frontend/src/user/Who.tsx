/** "Who are you": the name sent with every call, and what a person chose for this browser. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { t } from '../i18n/en';
import { cleanUsername } from '../lib/username';
import { flipTheme, kThemes, singleKeys, theme, username } from '../state/prefs';
import { Icon } from '../ui/icons';
import { Avatar, Segments } from '../ui/parts';
import { toast } from '../ui/toasts';
import { helpOpen } from './KeyHelp';

const typed = signal('');

export function ThemeButton(): JSX.Element {
  return (
    <button
      type="button"
      class="btn icon ghost"
      aria-label={t('theme.flip')}
      title={t('theme.flip')}
      onClick={flipTheme}
    >
      <Icon name="theme" />
    </button>
  );
}

export function Who({ id, withName }: { id: string; withName?: boolean }): JSX.Element {
  const menu = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const name = username.value;

  const place = (): void => {
    const box = opener.current?.getBoundingClientRect();
    const panel = menu.current;
    if (!box || !panel) return;
    typed.value = username.value;
    const room = document.documentElement.clientWidth - panel.offsetWidth - 12;
    panel.style.left = `${Math.max(12, Math.min(box.left, room))}px`;
    const below = box.bottom + 8;
    const fits = below + panel.offsetHeight < window.innerHeight;
    panel.style.top = `${fits ? below : Math.max(12, box.top - panel.offsetHeight - 8)}px`;
  };

  const save = (event: Event): void => {
    event.preventDefault();
    username.value = cleanUsername(typed.value);
    menu.current?.hidePopover();
    toast(username.value === '' ? t('who.forgotten') : t('who.saved', { name: username.value }));
  };

  return (
    <>
      <button
        type="button"
        class="who"
        ref={opener}
        popovertarget={id}
        aria-label={name === '' ? t('who.set') : t('who.you', { name })}
        title={name === '' ? t('who.set') : t('who.you', { name })}
      >
        {name === '' ? (
          <span class="avatar none">
            <Icon name="user" small />
          </span>
        ) : (
          <Avatar name={name} />
        )}
        {withName && <span class="truncate">{name === '' ? t('who.anonymous') : name}</span>}
      </button>
      <div
        class="menu"
        popover="auto"
        id={id}
        ref={menu}
        onToggle={(event) => {
          if (event.newState === 'open') place();
        }}
      >
        <form class="form" onSubmit={save}>
          <div>
            <label>
              <span>{t('who.name')}</span>
              <span class="field">
                <input
                  type="text"
                  name="username"
                  autocomplete="username"
                  maxLength={64}
                  value={typed.value}
                  onInput={(event) => {
                    typed.value = event.currentTarget.value;
                  }}
                />
              </span>
            </label>
            <p class="sm muted who-hint">{t('who.hint')}</p>
          </div>
          <button type="submit" class="btn primary">
            {t('who.save')}
          </button>
          <div>
            <span class="label">{t('theme.label')}</span>
            <Segments
              label={t('theme.label')}
              value={theme.value}
              options={kThemes.map((one) => ({ value: one, label: t(`theme.${one}`) }))}
              onChange={(chosen) => {
                theme.value = chosen;
              }}
            />
          </div>
          <label class="row">
            <input
              type="checkbox"
              checked={singleKeys.value}
              onChange={(event) => {
                singleKeys.value = event.currentTarget.checked;
              }}
            />
            <span class="plain">{t('who.keys')}</span>
          </label>
          <button
            type="button"
            class="link start"
            onClick={() => {
              menu.current?.hidePopover();
              helpOpen.value = true;
            }}
          >
            {t('who.shortcuts')}
          </button>
        </form>
      </div>
    </>
  );
}
