/** The store at a glance: figures, where the bytes are, what is used, what happens. */

import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Stats } from '../api/types';
import { t } from '../i18n/en';
import { sorted } from '../lib/filters';
import { bytes, count } from '../lib/format';
import { modelPath } from '../router';
import { holdsAll, seenModels } from '../state/models';
import { health, sharedBytes, stats } from '../state/stats';
import { ErrorBox, ShareBar, Skeleton } from '../ui/parts';
import { explain, keptFrom } from '../user/errors';
import { PageTitle } from '../user/PageTitle';
import { ActivityTable } from './ActivityTable';
import { HealthChip } from './HealthChip';
import { StorageMap } from './StorageMap';

const kPollMs = 5_000;
const kPollAfterErrorMs = 15_000;

export function Overview(): JSX.Element {
  usePolling();
  const seen = stats.data.value;
  const error = stats.error.value;
  return (
    <>
      <div class="page-head">
        <PageTitle tab={t('overview.title')}>{t('overview.title')}</PageTitle>
        <HealthChip />
      </div>
      {error && (
        <ErrorBox
          title={t('error.stats')}
          detail={explain(error)}
          kept={keptFrom(stats.at.value)}
          onRetry={() => void stats.load()}
        />
      )}
      <Figures stats={seen} />
      <div class="halves">
        {holdsAll.value && <StorageMap models={seenModels.value} />}
        <MostUsed />
      </div>
      <ActivityTable activity={seen?.recent_activity ?? null} />
    </>
  );
}

/** Figures and health every few seconds, but not for a tab that nobody sees. */
function usePolling(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const look = async (): Promise<void> => {
      if (document.visibilityState === 'visible') await Promise.all([stats.load(), health.load()]);
      if (over) return;
      timer = setTimeout(
        () => void look(),
        stats.error.value === null ? kPollMs : kPollAfterErrorMs,
      );
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, []);
}

function Figures({ stats: seen }: { stats: Stats | null }): JSX.Element {
  const free = health.data.value?.checks.disk.free_bytes;
  const shared = seen && sharedBytes(seen);
  const saved =
    seen && shared && seen.total_size_bytes > 0
      ? Math.round((shared / seen.total_size_bytes) * 1000) / 10
      : 0;
  return (
    <dl class="card kpi" aria-label={t('overview.figures')}>
      <Figure label={t('overview.models')} value={seen && count(seen.total_models)}>
        {seen && t('overview.models.note', { size: bytes(seen.total_size_bytes) })}
      </Figure>
      <Figure label={t('overview.disk')} value={seen && bytes(seen.stored_bytes)}>
        {free !== undefined && t('overview.disk.note', { size: bytes(free) })}
      </Figure>
      <Figure label={t('overview.saved')} value={shared === null ? null : bytes(shared)}>
        {seen && t('overview.saved.note', { n: saved })}
      </Figure>
      <Figure label={t('overview.requests')} value={seen && count(seen.total_requests)}>
        {seen &&
          (seen.bytes_served > 0
            ? t('overview.requests.note', { size: bytes(seen.bytes_served) })
            : t('overview.requests.plain'))}
      </Figure>
      <Figure label={t('overview.people')} value={seen && count(seen.unique_users)}>
        {t('overview.people.note')}
      </Figure>
    </dl>
  );
}

function Figure(props: {
  label: string;
  value: string | null;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>
        {props.value ?? <Skeleton width="4ch" />}
        <small>{props.children || '\u00a0'}</small>
      </dd>
    </div>
  );
}

const kShown = 6;

function MostUsed(): JSX.Element {
  const models = sorted(seenModels.value, 'uses', 'desc')
    .filter((model) => model.stats.total_requests > 0)
    .slice(0, kShown);
  const most = models[0]?.stats.total_requests ?? 1;
  return (
    <section class="card" aria-labelledby="used">
      <header>
        <h2 id="used">{t('overview.used')}</h2>
        <span class="sm muted end">{t('overview.used.note')}</span>
      </header>
      {models.length === 0 && <p class="about muted">{t('overview.used.none')}</p>}
      <ol class="most-used">
        {models.map((model) => (
          <li key={model.id}>
            <div class="row">
              <a class="truncate grow" href={modelPath(model.name)} title={model.name}>
                {model.name}
              </a>
              <span class="num">{count(model.stats.total_requests)}</span>
            </div>
            <ShareBar thin tone="series" percent={(model.stats.total_requests / most) * 100} />
          </li>
        ))}
      </ol>
    </section>
  );
}
