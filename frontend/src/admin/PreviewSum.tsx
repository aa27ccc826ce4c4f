/** How much a download would fetch, and what the disk has left after it and the queue. */

import type { JSX } from 'preact';
import type { Preview } from '../api/types';
import { t } from '../i18n/en';
import { amountOf, type Choice } from '../lib/choice';
import { bytes } from '../lib/format';
import { health } from '../state/stats';
import { Icon } from '../ui/icons';

export function fits(preview: Preview, choice: Choice): boolean {
  const { size_bytes, stored_bytes } = amountOf(preview, choice);
  const { free_bytes, reserve_bytes, queue_bytes } = preview.disk;
  return size_bytes - stored_bytes <= free_bytes - reserve_bytes - queue_bytes;
}

export function PreviewSum(props: { preview: Preview | null; choice: Choice }): JSX.Element {
  const { preview, choice } = props;
  if (preview === null) return <DiskNow />;
  const taken = amountOf(preview, choice);
  const fetched = taken.size_bytes - taken.stored_bytes;
  const { free_bytes: free, queue_bytes: queue } = preview.disk;
  const after = Math.max(0, free - queue - fetched);
  const fit = fits(preview, choice);
  return (
    <div class="sum num" aria-live="polite">
      <p>
        <b class="big">{bytes(fetched)}</b>
        <span class="sm muted">
          {t('preview.toFetch', { files: t('noun.files', { n: taken.file_count }) })}
        </span>
      </p>
      <dl>
        <Line label={t('preview.chosen')} value={bytes(taken.size_bytes)} />
        <Line label={t('preview.already')} value={bytes(taken.stored_bytes)} />
        <Line label={t('preview.after')} value={t('disk.free', { size: bytes(after) })} />
      </dl>
      <DiskBar free={free} coming={queue + fetched} tight={!fit} />
      {!fit && (
        <p class="row sm bad-text">
          <Icon name="warning" small />
          {t('preview.tooLarge')}
        </p>
      )}
    </div>
  );
}

function DiskNow(): JSX.Element {
  const free = health.data.value?.checks.disk.free_bytes;
  return (
    <div class="sum num">
      {free !== undefined && (
        <>
          <dl>
            <Line label={t('disk.title')} value={t('disk.free', { size: bytes(free) })} />
          </dl>
          <DiskBar free={free} coming={0} tight={false} />
        </>
      )}
      <p class="sm muted">{t('preview.before')}</p>
    </div>
  );
}

function Line({ label, value }: { label: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** What is used, and behind it, hatched, what is on its way. */
function DiskBar(props: { free: number; coming: number; tight: boolean }): JSX.Element | null {
  const total = health.data.value?.checks.disk.total_bytes ?? 0;
  if (total <= 0) return null;
  const share = (part: number): string => `${Math.min(100, Math.max(0, (part / total) * 100))}%`;
  return (
    <div class={props.tight ? 'bar disk-bar tight' : 'bar disk-bar'} aria-hidden="true">
      <i style={{ width: share(total - props.free) }} />
      <i class="coming" style={{ width: share(Math.min(props.coming, props.free)) }} />
    </div>
  );
}
