/** Looks up the words of the pages. `{n}` is filled in; a message with `one` and `other` follows `n`. */

import { adminWords } from './en/admin';
import { browseWords } from './en/browse';
import { downloadWords } from './en/downloads';
import { frameWords } from './en/frame';
import { modelWords } from './en/model';

const messages = {
  ...frameWords,
  ...browseWords,
  ...modelWords,
  ...downloadWords,
  ...adminWords,
} as const;

export type MessageKey = keyof typeof messages;

const kNumber = new Intl.NumberFormat('en');
const kPlural = new Intl.PluralRules('en');

export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  const message: string | { one: string; other: string } = messages[key];
  const text =
    typeof message === 'string'
      ? message
      : kPlural.select(Number(values.n ?? 0)) === 'one'
        ? message.one
        : message.other;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? kNumber.format(value) : (value ?? '');
  });
}

/** For words that come from the server: known ones get our wording, new ones show as they are. */
export function isMessage(key: string): key is MessageKey {
  return Object.hasOwn(messages, key);
}
