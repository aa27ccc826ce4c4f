/** A download of the model that is being looked at, with its figures beside the bar they explain. */

import type { JSX } from 'preact';
import type { Download } from '../api/types';
import { t } from '../i18n/en';
import { bytes, bytesOf, duration, percent, speed } from '../lib/format';
import { Bar, Chip } from '../ui/parts';
import { toneOf } from './RowProgress';

export function Arriving({ download }: { download: Download }): JSX.Element {
  const { bytes_done: done, bytes_total: total, bytes_per_second: rate, eta_seconds } = download;
  const share = percent(done, total ?? 0);
  const moving = download.status === 'downloading';
  return (
    <section class="card" aria-labelledby="arriving">
      <header>
        <h2 id="arriving">{t('model.download')}</h2>
        <Chip>{download.revision}</Chip>
        <a class="link sm end" href="/admin/downloads">
          {t('nav.downloads')}
        </a>
      </header>
      <div class="arriving num">
        <Bar
          percent={share}
          tone={toneOf(download)}
          label={t('download.progress', { name: download.model_name })}
        />
        <div class="row sm muted">
          <span>{moving ? `${share}%` : t(`phase.${download.status}`)}</span>
          {total !== undefined && (
            <span>{moving ? t('download.ofTotal', bytesOf(done, total)) : bytes(total)}</span>
          )}
          <span class="row end">
            {moving && rate !== undefined && rate > 0 && <b class="strong">{speed(rate)}</b>}
            {moving && eta_seconds !== undefined && (
              <span>{t('download.left', { time: duration(eta_seconds) })}</span>
            )}
          </span>
        </div>
      </div>
    </section>
  );
}
