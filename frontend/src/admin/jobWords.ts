/** A download in words: what it does now, how much of it is there, who asked, what to do when it failed. */

import type { Download } from '../api/types';
import { isMessage, t } from '../i18n/en';
import { ago, bytes, bytesOf, duration, percent, speed } from '../lib/format';

/** The two figures at the right of a row: the pace, and what is left or why it waits. */
export function rightNow(download: Download, now: number): { pace: string; note: string } {
  const rate = download.bytes_per_second ?? 0;
  switch (download.status) {
    case 'downloading':
      if (download.retries)
        return { pace: '', note: t('download.stalled', { n: download.retries }) };
      return {
        pace: rate > 0 ? speed(rate) : '',
        note:
          download.eta_seconds === undefined
            ? attemptWords(download)
            : t('download.left', { time: duration(download.eta_seconds) }),
      };
    case 'verifying':
      return { pace: rate > 0 ? speed(rate) : '', note: t('phase.verifying.note') };
    case 'publishing':
    case 'resolving':
      return { pace: '', note: t(`phase.${download.status}.note`) };
    case 'queued':
      return { pace: '', note: waitWords(download) };
    case 'ready':
      return { pace: '', note: t('download.finished', { when: ago(download.finished_at, now) }) };
    case 'cancelled':
      return {
        pace: '',
        note: t('download.cancelledAt', { when: ago(download.finished_at, now) }),
      };
    default:
      return { pace: '', note: '' };
  }
}

function waitWords(download: Download): string {
  const { wait_reason: reason, position } = download;
  if (reason === undefined || reason === 'slot' || reason === 'order') {
    if (position === 1) return t('wait.next');
  }
  const key = `wait.${reason ?? 'order'}`;
  const words = isMessage(key) ? t(key) : t('wait.order');
  return download.attempts > 1 ? `${words}, ${attemptWords(download)}` : words;
}

const attemptWords = (download: Download): string =>
  download.attempts > 1 ? t('download.attempt', { n: download.attempts }) : '';

export function amountWords(download: Download): string {
  const { bytes_done: done, bytes_total: total, status } = download;
  if (total === undefined) {
    if (done > 0) return bytes(done);
    return status === 'failed' || status === 'cancelled' ? '' : t('download.sizeUnknown');
  }
  // The few bytes of a listing that came with it are no progress worth a figure.
  const waiting = (status === 'queued' || status === 'paused') && percent(done, total) === 0;
  if (status === 'ready' || waiting) return bytes(total);
  const parts = bytesOf(done, total);
  if (status === 'verifying') return t('download.hashed', parts);
  if (status === 'failed' && done > 0) return t('download.kept', parts);
  return t('download.ofTotal', parts);
}

export function askedByWords(download: Download): string {
  const [first, ...others] = download.requested_by;
  if (first === undefined) return '';
  const name = first.username;
  return others.length === 0
    ? t('download.askedBy', { name })
    : t('download.askedByMore', { name, n: others.length });
}

/** What to do about it, where the server's own sentence does not say so already. */
export function nextStep(code: string | undefined, sentence: string): string {
  if (/\b(retry|again|by itself)\b/i.test(sentence)) return '';
  const key = `next.${code ?? ''}`;
  return isMessage(key) ? t(key) : '';
}
