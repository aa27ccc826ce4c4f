/** Whether the service answers, and what time it is for "2 h ago". */

import { signal } from '@preact/signals';

export const offline = signal(false);
/** Moves each 15 seconds, so that relative times stay true without a timer in each view. */
export const now = signal(Date.now());

export function startSession(): void {
  setInterval(() => {
    now.value = Date.now();
  }, 15_000);
  window.addEventListener('offline', () => {
    offline.value = true;
  });
}
