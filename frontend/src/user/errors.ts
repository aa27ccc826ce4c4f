/** What an error means for a person: its cause in words, and what to do. */

import type { ApiError } from '../api/client';
import { t } from '../i18n/en';
import { clock } from '../lib/format';

export function explain(error: ApiError): string {
  if (error.code === 'offline') return `${t('error.offline')} ${t('error.next.offline')}`;
  const request = error.requestId === '' ? '' : ` (${t('error.request', { id: error.requestId })})`;
  const sentence = /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
  return error.status >= 500 ? `${sentence}${request}` : sentence;
}

/** "What you see is from 10:31": old data stays, with its age. */
export function keptFrom(at: number): string | undefined {
  return at === 0 ? undefined : t('error.retryKept', { time: clock(new Date(at).toISOString()) });
}
