/** Speeds as people type them, in megabytes a second; nothing typed is no limit. */

const kMega = 1e6;

export const speedTyped = (perSecond: number): string =>
  perSecond > 0 ? String(Number((perSecond / kMega).toFixed(3))) : '';

/** Null when it is no speed. */
export function readSpeed(typed: string): number | null {
  const text = typed.trim().replace(',', '.');
  if (text === '') return 0;
  if (!/^\d+(\.\d+)?$/.test(text)) return null;
  const perSecond = Math.round(Number(text) * kMega);
  return Number.isSafeInteger(perSecond) ? perSecond : null;
}

/** Null when it is no whole number from 1 to `most`. */
export function readCount(typed: string, most: number): number | null {
  const text = typed.trim();
  const count = Number(text);
  return /^\d+$/.test(text) && count >= 1 && count <= most ? count : null;
}
