/** The progress of a download in the space of a table cell. */

import type { JSX } from 'preact';
import type { Download } from '../api/types';
import { t } from '../i18n/en';
import { duration, percent } from '../lib/format';
import { Bar, type BarTone } from '../ui/parts';

export function RowProgress({ download }: { download: Download }): JSX.Element {
  const done = percent(download.bytes_done, download.bytes_total ?? 0);
  const tone = toneOf(download);
  return (
    <div class="row-progress">
      <Bar
        thin
        percent={done}
        tone={tone}
        label={t('download.progress', { name: download.model_name })}
      />
      <span class={`xs num ${tone}-text`}>{progressWords(download, done)}</span>
    </div>
  );
}

export function toneOf(download: Download): BarTone {
  switch (download.status) {
    case 'downloading':
    case 'resolving':
      return 'info';
    case 'paused':
      return 'warn';
    case 'failed':
      return 'bad';
    case 'queued':
    case 'cancelled':
      return 'idle';
    case 'ready':
      return 'ok';
    default:
      return '';
  }
}

function progressWords(download: Download, done: number): string {
  if (download.status !== 'downloading') return t(`phase.${download.status}`);
  if (download.retries) return `${done}% · ${t('download.stalled', { n: download.retries })}`;
  if (download.eta_seconds === undefined) return `${done}%`;
  return `${done}% · ${t('download.left', { time: duration(download.eta_seconds) })}`;
}
