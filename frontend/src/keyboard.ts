/** Keyboard shortcuts: views lend commands while they are shown, the newest view first. */

import { useEffect } from 'preact/hooks';
import { KeySequence } from './lib/keys';
import { singleKeys } from './state/prefs';

export type Commands = Record<string, () => void>;

const lent: Commands[] = [];
const sequence = new KeySequence();

export function useKeys(commands: Commands): void {
  useEffect(() => {
    lent.push(commands);
    return () => {
      lent.splice(lent.indexOf(commands), 1);
    };
  });
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'button', 'range'].includes(target.type)
  );
}

export function startKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    // Escape leaves a search field; everything else there is text.
    if (typing(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      return;
    }
    if (!singleKeys.value || document.querySelector('dialog[open]') !== null) return;
    const name = sequence.press(event, event.timeStamp);
    if (name === null) return;
    for (let at = lent.length - 1; at >= 0; at -= 1) {
      const command = lent[at]?.[name];
      if (command === undefined) continue;
      event.preventDefault();
      command();
      return;
    }
  });
}

/** Moves the focus along rows that carry `data-row`; `step` is 1 or -1. */
export function moveFocus(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const row = document.activeElement?.closest<HTMLElement>('[data-row]');
  const at = row ? rows.indexOf(row) : -1;
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  const target = next?.querySelector<HTMLElement>('[data-row-focus]') ?? next;
  target?.focus();
  target?.scrollIntoView({ block: 'nearest' });
}

/** The row that has the focus, by what it carries as `data-row`. */
export function focusedRow(): string | null {
  return document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row ?? null;
}
