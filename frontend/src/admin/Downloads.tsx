/** The queue: add a download, watch it, and steer it. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isActive } from '../api/live';
import type { Download } from '../api/types';
import { type MessageKey, t } from '../i18n/en';
import { focusedRow, moveFocus, useKeys } from '../keyboard';
import { duration, percent, speed } from '../lib/format';
import { pushQuery, query } from '../router';
import { act, activeDownloads, downloads, downloadsKnown, loadHistory } from '../state/downloads';
import { asApiError } from '../state/resource';
import { offline } from '../state/session';
import { Icon } from '../ui/icons';
import { Empty, ErrorBox, Segments, Skeleton, useSlow } from '../ui/parts';
import { toast } from '../ui/toasts';
import { explain } from '../user/errors';
import { PageTitle } from '../user/PageTitle';
import { AddDownload } from './AddDownload';
import { Job } from './Job';
import { LimitsButton } from './Limits';

const kShows = ['all', 'active', 'failed', 'done'] as const;
type Show = (typeof kShows)[number];

export function Downloads(): JSX.Element {
  const show = kShows.find((one) => one === query.value.get('show')) ?? 'all';
  const active = activeDownloads.value;
  const moving = active.filter((one) => one.status === 'downloading');
  const rate = moving.reduce((sum, one) => sum + (one.bytes_per_second ?? 0), 0);
  useKeys({
    j: () => moveFocus(1),
    k: () => moveFocus(-1),
    p: () => pauseFocused(),
  });
  return (
    <>
      <div class="page-head">
        <PageTitle tab={tabTitle(active)}>{t('downloads.title')}</PageTitle>
        <span class="sm muted num">{rate > 0 && rateWords(active, rate)}</span>
        <div class="row end">
          <LimitsButton />
          <PauseAll active={active} />
        </div>
      </div>
      <AddDownload />
      <Queue show={show} />
      <Announcer />
    </>
  );
}

function tabTitle(active: readonly Download[]): string {
  const running = active.filter((one) => one.status === 'downloading' && one.bytes_total);
  if (running.length === 0) return t('downloads.title');
  const done = running.reduce((sum, one) => sum + one.bytes_done, 0);
  const total = running.reduce((sum, one) => sum + (one.bytes_total ?? 0), 0);
  return t('downloads.titleRunning', { n: percent(done, total) });
}

function rateWords(active: readonly Download[], rate: number): string {
  const coming = active.filter((one) => one.status !== 'paused');
  // While a size is not known, neither is the end.
  const known = coming.every((one) => one.bytes_total !== undefined);
  const left = coming.reduce(
    (sum, one) => sum + Math.max(0, (one.bytes_total ?? 0) - one.bytes_done),
    0,
  );
  const words = t('downloads.rate', { speed: speed(rate) });
  return known && left > 0
    ? `${words}, ${t('downloads.eta', { time: duration(left / rate) })}`
    : words;
}

function PauseAll({ active }: { active: readonly Download[] }): JSX.Element | null {
  const [busy, setBusy] = useState(false);
  const running = active.filter((one) => one.status !== 'paused' && one.status !== 'publishing');
  const resume = running.length === 0;
  if (active.length === 0) return null;
  const all = async (): Promise<void> => {
    setBusy(true);
    for (const one of resume ? active : running) {
      await steer(one, resume ? 'resume' : 'pause');
    }
    setBusy(false);
  };
  return (
    <button type="button" class="btn" disabled={busy || offline.value} onClick={() => void all()}>
      <Icon name={resume ? 'play' : 'pause'} small />
      {t(resume ? 'downloads.resumeAll' : 'downloads.pauseAll')}
    </button>
  );
}

/** One action on one download; what the service refuses is told in a toast. */
async function steer(download: Download, action: 'pause' | 'resume'): Promise<void> {
  try {
    await act(download.id, action);
  } catch (thrown) {
    const error = explain(asApiError(thrown));
    toast(t('download.refused', { name: download.model_name, error }));
  }
}

function pauseFocused(): void {
  const row = focusedRow();
  const download = downloads.value.find((one) => String(one.id) === row);
  if (download === undefined || offline.value) return;
  if (download.status === 'paused') void steer(download, 'resume');
  else if (isActive(download)) void steer(download, 'pause');
}

function Queue({ show }: { show: Show }): JSX.Element {
  const history = useHistory(show);
  const all = downloads.value;
  const shown = all.filter((one) => belongs(one, show));
  const loading = !downloadsKnown.value || history.loading;
  const slow = useSlow(loading && shown.length === 0);
  return (
    <section class="card jobs" aria-labelledby="queue">
      <header>
        <h2 id="queue">{t('downloads.queue')}</h2>
        <span class="sm muted num">{countWords(all)}</span>
        <Segments
          class="end"
          label={t('downloads.show')}
          value={show}
          options={kShows.map((one) => ({ value: one, label: t(`downloads.filter.${one}`) }))}
          onChange={(next) => pushQuery(new URLSearchParams(next === 'all' ? {} : { show: next }))}
        />
      </header>
      {history.error && (
        <ErrorBox
          title={t('error.downloads')}
          detail={explain(history.error)}
          onRetry={history.retry}
        />
      )}
      {shown.length > 0 && (
        <ul>
          {shown.map((one) => (
            <Job key={one.id} download={one} />
          ))}
        </ul>
      )}
      {shown.length === 0 && slow && <JobSkeletons />}
      {shown.length === 0 && !loading && !history.error && <NoJobs show={show} />}
      {show === 'done' && history.more && (
        <div class="card-foot">
          <button type="button" class="btn" onClick={history.more}>
            {t('action.loadMore')}
          </button>
        </div>
      )}
    </section>
  );
}

/** "All" is what needs an eye: what is not finished, and what failed. */
function belongs(download: Download, show: Show): boolean {
  if (show === 'active') return isActive(download);
  if (show === 'failed') return download.status === 'failed';
  if (show === 'done') return download.status === 'ready' || download.status === 'cancelled';
  return isActive(download) || download.status === 'failed';
}

function countWords(all: readonly Download[]): string {
  const counts: Record<'active' | 'queued' | 'paused' | 'failed', number> = {
    active: 0,
    queued: 0,
    paused: 0,
    failed: 0,
  };
  for (const one of all) {
    if (one.status === 'queued' || one.status === 'paused' || one.status === 'failed') {
      counts[one.status] += 1;
    } else if (isActive(one)) counts.active += 1;
  }
  const kinds = ['active', 'queued', 'paused', 'failed'] as const;
  const words = kinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => t(`downloads.count.${kind}`, { n: counts[kind] }));
  return words.length === 0 ? t('downloads.count.none') : words.join(', ');
}

interface History {
  loading: boolean;
  error: ReturnType<typeof asApiError> | null;
  retry: () => void;
  more?: () => void;
}

/** Finished downloads are fetched when a view wants them; the feed brings what ends from then on. */
function useHistory(show: Show): History {
  const wanted = show === 'done' ? 'finished' : show === 'active' ? null : 'failed';
  const [state, setState] = useState<Omit<History, 'retry' | 'more'> & { cursor?: string }>({
    loading: wanted !== null,
    error: null,
  });
  const latest = useRef(0);
  const load = async (cursor?: string): Promise<void> => {
    if (wanted === null) return;
    latest.current += 1;
    const mine = latest.current;
    setState((old) => ({ ...old, loading: true }));
    try {
      const next = await loadHistory(wanted, cursor);
      if (mine === latest.current) setState({ loading: false, error: null, cursor: next });
    } catch (thrown) {
      if (mine === latest.current) setState({ loading: false, error: asApiError(thrown) });
    }
  };
  useEffect(() => {
    if (wanted === null) setState({ loading: false, error: null });
    else void load();
  }, [wanted]);
  const { cursor } = state;
  return {
    loading: state.loading,
    error: state.error,
    retry: () => void load(),
    more: cursor === undefined ? undefined : () => void load(cursor),
  };
}

function NoJobs({ show }: { show: Show }): JSX.Element {
  const words: Record<Show, [MessageKey, MessageKey?]> = {
    all: ['downloads.empty', 'downloads.empty.text'],
    active: ['downloads.empty.active', 'downloads.empty.text'],
    failed: ['downloads.empty.failed', 'downloads.empty.failed.text'],
    done: ['downloads.empty.done', 'downloads.empty.done.text'],
  };
  const [title, text] = words[show];
  return <Empty icon="download" title={t(title)} text={text && t(text)} />;
}

function JobSkeletons(): JSX.Element {
  return (
    <div aria-busy="true">
      <span class="sr">{t('state.loading')}</span>
      {['34%', '42%', '28%'].map((width) => (
        <div class="job" key={width}>
          <Skeleton width={width} />
          <Skeleton width="100%" />
          <Skeleton width="18%" />
        </div>
      ))}
    </div>
  );
}

const announced = signal('');
const lastStatus = new Map<number, Download['status']>();

/** Says changes of state aloud, not each percent. */
function Announcer(): JSX.Element {
  const all = downloads.value;
  useEffect(() => {
    for (const one of all) {
      const before = lastStatus.get(one.id);
      if (before !== undefined && before !== one.status) {
        announced.value = `${one.model_name}: ${t(`phase.${one.status}`)}`;
      }
      lastStatus.set(one.id, one.status);
    }
  }, [all]);
  return (
    <div class="sr" role="status">
      {announced.value}
    </div>
  );
}
