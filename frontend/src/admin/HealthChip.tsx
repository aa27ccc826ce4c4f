/** One chip that says whether all is well, and opens what was checked. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { HealthReport } from '../api/client';
import type { Checks } from '../api/types';
import { t } from '../i18n/en';
import { ago, bytes } from '../lib/format';
import { now } from '../state/session';
import { health } from '../state/stats';
import { Dialog } from '../ui/Dialog';
import { Icon, type IconName } from '../ui/icons';
import { Chip, type Tone } from '../ui/parts';

const kLooks: Record<HealthReport['status'], { tone: Tone; icon: IconName }> = {
  healthy: { tone: 'ok', icon: 'okCircle' },
  degraded: { tone: 'warn', icon: 'warning' },
  failed: { tone: 'bad', icon: 'warning' },
};

export function HealthChip(): JSX.Element | null {
  const [open, setOpen] = useState(false);
  const report = health.data.value;
  if (health.error.value !== null) return <Chip icon="warning">{t('health.unknown')}</Chip>;
  if (report === null) return null;
  const { tone, icon } = kLooks[report.status];
  return (
    <>
      <button type="button" class={`chip ${tone} chip-button`} onClick={() => setOpen(true)}>
        <Icon name={icon} small />
        {t(`health.${report.status}`)}
      </button>
      {open && <HealthDialog report={report} onClose={() => setOpen(false)} />}
    </>
  );
}

type Check = { status: 'ok' | 'warning' | 'failed'; message?: string };

function HealthDialog(props: { report: HealthReport; onClose: () => void }): JSX.Element {
  const { checks, version } = props.report;
  const rows: [string, Check, string][] = [
    [t('health.disk'), checks.disk, diskWords(checks.disk)],
    [t('health.database'), checks.database, ''],
    [
      t('health.fetchers'),
      checks.fetchers,
      checks.fetchers.running === undefined
        ? ''
        : t('health.running', { n: checks.fetchers.running }),
    ],
    [t('health.upstream'), checks.upstream, upstreamWords(checks.upstream)],
  ];
  return (
    <Dialog title={t('health.details')} onClose={props.onClose}>
      <dl class="health">
        {rows.map(([name, check, detail]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="wrap-anywhere">
              <span class={check.status === 'ok' ? 'ok-text' : 'bad-text'}>{stateWord(check)}</span>
              {detail !== '' && <span class="sm muted"> {detail}</span>}
              {check.message && <p class="sm muted">{check.message}</p>}
            </dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        <span class="sm muted grow">{t('health.version', { version })}</span>
        <button type="button" class="btn" onClick={props.onClose}>
          {t('action.close')}
        </button>
      </div>
    </Dialog>
  );
}

function stateWord(check: Check): string {
  if (check.status === 'failed') return t('health.failedState');
  return t(check.status === 'ok' ? 'health.ok' : 'health.warning');
}

function diskWords(disk: Checks['disk']): string {
  if (disk.free_bytes === undefined || disk.total_bytes === undefined) return '';
  return t('health.free', { free: bytes(disk.free_bytes), total: bytes(disk.total_bytes) });
}

function upstreamWords(upstream: Checks['upstream']): string {
  const seen = upstream.last_seen_at
    ? t('health.seen', { when: ago(upstream.last_seen_at, now.value) })
    : '';
  return [upstream.endpoint ?? '', seen].filter((one) => one !== '').join(', ');
}
