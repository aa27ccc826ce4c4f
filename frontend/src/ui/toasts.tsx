/** Short messages at the edge of the screen. Those with a link stay until they are closed. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { t } from '../i18n/en';
import { Icon } from './icons';

interface Toast {
  id: number;
  text: string;
  link?: { href: string; label: string };
}

const kShownMs = 8_000;
const kAtOnce = 3;
const toasts = signal<Toast[]>([]);
let lastId = 0;

export function toast(text: string, link?: Toast['link']): void {
  lastId += 1;
  const id = lastId;
  toasts.value = [...toasts.value.slice(1 - kAtOnce), { id, text, link }];
  setTimeout(() => dismiss(id), link === undefined ? kShownMs : 3 * kShownMs);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status">
      {toasts.value.map((one) => (
        <div class="toast" key={one.id}>
          <span>{one.text}</span>
          {one.link && (
            <a class="btn small" href={one.link.href} onClick={() => dismiss(one.id)}>
              {one.link.label}
            </a>
          )}
          <button
            type="button"
            class="btn small icon"
            aria-label={t('action.close')}
            onClick={() => dismiss(one.id)}
          >
            <Icon name="close" small />
          </button>
        </div>
      ))}
    </div>
  );
}
