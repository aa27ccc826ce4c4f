/** What a person chose for this browser: name, theme, view, single keys. Kept in localStorage. */

import { effect, signal } from '@preact/signals';

function read(key: string): string | null {
  try {
    return localStorage.getItem(`modelkeep.${key}`);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    if (value === '') localStorage.removeItem(`modelkeep.${key}`);
    else localStorage.setItem(`modelkeep.${key}`, value);
  } catch {
    // Without storage a choice lasts as long as the page.
  }
}

export type Theme = 'system' | 'light' | 'dark';
export const kThemes: readonly Theme[] = ['system', 'light', 'dark'];

export const theme = signal<Theme>(kThemes.find((one) => one === read('theme')) ?? 'system');
export const username = signal(read('username') ?? '');
export const view = signal<'table' | 'cards'>(read('view') === 'cards' ? 'cards' : 'table');
/** Single-key shortcuts can be turned off (WCAG 2.1.4). */
export const singleKeys = signal(read('keys') !== 'off');

const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

export function flipTheme(): void {
  const dark = theme.value === 'dark' || (theme.value === 'system' && systemDark.matches);
  theme.value = dark ? 'light' : 'dark';
}

export function keepPrefs(): void {
  effect(() => {
    const chosen = theme.value;
    if (chosen === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    write('theme', chosen === 'system' ? '' : chosen);
  });
  effect(() => write('username', username.value));
  effect(() => write('view', view.value === 'cards' ? 'cards' : ''));
  effect(() => write('keys', singleKeys.value ? '' : 'off'));
}
