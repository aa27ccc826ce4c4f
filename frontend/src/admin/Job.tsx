/** One download in the queue: numbers beside the bar they explain, files on demand. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { QueueAction } from '../api/client';
import type { Download, DownloadFile } from '../api/types';
import { t } from '../i18n/en';
import { bytes, percent } from '../lib/format';
import { modelPath } from '../router';
import { act, askAgain, loadDownload, startFirst } from '../state/downloads';
import { asApiError } from '../state/resource';
import { now, offline } from '../state/session';
import { Dialog } from '../ui/Dialog';
import { Icon } from '../ui/icons';
import { Bar, type BarTone, Chip, IconButton, ModelName, type Tone } from '../ui/parts';
import { toast } from '../ui/toasts';
import { explain } from '../user/errors';
import { toneOf } from '../user/RowProgress';
import { amountWords, askedByWords, nextStep, rightNow } from './jobWords';

const opened = signal<ReadonlySet<number>>(new Set());

const kChipTone: Partial<Record<Download['status'], Tone>> = {
  resolving: 'info',
  downloading: 'info',
  verifying: 'accent',
  publishing: 'accent',
  paused: 'warn',
  failed: 'bad',
  ready: 'ok',
};

export function Job({ download }: { download: Download }): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const name = download.model_name;
  const open = opened.value.has(download.id);
  const done = percent(download.bytes_done, download.bytes_total ?? 0);
  const { pace, note } = rightNow(download, now.value);
  // What is over has no progress to show.
  const over = download.status === 'ready' || download.status === 'cancelled';

  const run = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } catch (thrown) {
      toast(t('download.refused', { name, error: explain(asApiError(thrown)) }));
    }
    setBusy(false);
  };
  // A cancelled download may have taken its model along, so it is asked for anew.
  const doIt = (action: QueueAction): void =>
    void run(() =>
      action === 'retry' && download.status === 'cancelled'
        ? askAgain(download)
        : act(download.id, action),
    );

  return (
    <li class={over ? 'job over' : 'job'} data-row={download.id}>
      <div class="job-line">
        <div class="job-name">
          {download.status === 'cancelled' ? (
            <span class="wrap-anywhere">
              <ModelName name={name} />
            </span>
          ) : (
            <a href={modelPath(name)} class="wrap-anywhere" data-row-focus title={name}>
              <ModelName name={name} />
            </a>
          )}
          {download.revision !== 'main' && <Chip>{download.revision}</Chip>}
          <Chip tone={kChipTone[download.status]}>{t(`phase.${download.status}`)}</Chip>
          {download.priority !== 'normal' && <Chip>{t(`priority.${download.priority}`)}</Chip>}
        </div>
        {!over && (
          <div class="job-now num">
            {pace && <b class="strong">{pace}</b>}
            {note && <span class="muted">{note}</span>}
          </div>
        )}
        <Actions
          download={download}
          disabled={busy || offline.value}
          onAct={doIt}
          onFirst={() => void run(() => startFirst(download.id))}
          onCancel={() => setAsking(true)}
        />
        <IconButton
          icon={open ? 'down' : 'right'}
          label={t('download.files', { name })}
          expanded={open}
          onClick={() => toggle(download.id)}
        />
      </div>
      {!over && (
        <Bar percent={done} tone={toneOf(download)} label={t('download.progress', { name })} />
      )}
      <div class="job-line sm muted num">
        {!over && download.bytes_total !== undefined && <span>{done}%</span>}
        <span class="nowrap">{amountWords(download)}</span>
        {over && <span class="nowrap">{note}</span>}
        <span class="end truncate">{askedByWords(download)}</span>
      </div>
      {open && <Files download={download} />}
      {download.error && download.status !== 'ready' && <Failure download={download} />}
      {asking && (
        <AskCancel
          name={name}
          onClose={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            doIt('cancel');
          }}
        />
      )}
    </li>
  );
}

function toggle(id: number): void {
  const next = new Set(opened.value);
  if (!next.delete(id)) next.add(id);
  opened.value = next;
}

function Actions(props: {
  download: Download;
  disabled: boolean;
  onAct: (action: QueueAction) => void;
  onFirst: () => void;
  onCancel: () => void;
}): JSX.Element | null {
  const { download, disabled, onAct } = props;
  const name = download.model_name;
  const { status } = download;
  const running = ['queued', 'resolving', 'downloading', 'verifying'].includes(status);
  if (status === 'ready' || status === 'publishing') return null;
  return (
    <div class="job-actions">
      {status === 'queued' && download.position !== 1 && (
        <IconButton
          icon="first"
          label={t('download.first', { name })}
          disabled={disabled}
          onClick={props.onFirst}
        />
      )}
      {running && (
        <IconButton
          icon="pause"
          label={t('download.pause', { name })}
          disabled={disabled}
          onClick={() => onAct('pause')}
        />
      )}
      {status === 'paused' && (
        <IconButton
          icon="play"
          label={t('download.resume', { name })}
          disabled={disabled}
          onClick={() => onAct('resume')}
        />
      )}
      {(status === 'failed' || status === 'cancelled') && (
        <button
          type="button"
          class="btn small"
          disabled={disabled}
          aria-label={t('download.retry', { name })}
          onClick={() => onAct('retry')}
        >
          <Icon name="retry" small />
          {t('action.retry')}
        </button>
      )}
      {(running || status === 'paused' || status === 'failed') && (
        <IconButton
          icon="close"
          label={t('download.cancel', { name })}
          disabled={disabled}
          onClick={props.onCancel}
        />
      )}
    </div>
  );
}

function Failure({ download }: { download: Download }): JSX.Element {
  return (
    <p class={download.status === 'failed' ? 'notice' : 'notice mild'}>
      <Icon name="warning" small />
      <span class="grow wrap-anywhere">
        {download.error}{' '}
        {download.status === 'failed' && nextStep(download.error_code, download.error ?? '')}
      </span>
    </p>
  );
}

const kDrawn = 60;
const kFileTone: Record<DownloadFile['status'], BarTone> = {
  queued: 'idle',
  downloading: 'info',
  verifying: '',
  ready: 'ok',
  failed: 'bad',
};

function Files({ download }: { download: Download }): JSX.Element {
  const { files } = download;
  useEffect(() => {
    if (files === undefined) void loadDownload(download.id).catch(() => {});
  }, [download.id, files === undefined]);
  if (files === undefined || files.length === 0) {
    return <p class="sm muted job-files none">{t('download.filesNone')}</p>;
  }
  const drawn = files.length > kDrawn ? openFirst(files).slice(0, kDrawn) : files;
  return (
    <ul class="job-files">
      {drawn.map((file) => (
        <li key={file.path}>
          <span class="mono truncate" title={file.path}>
            {file.path}
          </span>
          <span class="num muted right">{bytes(file.size_bytes)}</span>
          <Bar
            thin
            percent={file.status === 'ready' ? 100 : percent(file.bytes_done, file.size_bytes)}
            tone={kFileTone[file.status]}
            label={t('download.fileProgress', { path: file.path })}
          />
          <span class={`sm file-state ${file.status}`}>
            {file.status === 'ready' && <Icon name="shield" small />}
            {t(`file.${file.status}`)}
          </span>
        </li>
      ))}
      {drawn.length < files.length && (
        <li class="sm muted num">{t('list.shown', { n: drawn.length, total: files.length })}</li>
      )}
    </ul>
  );
}

/** Of very many files those that move come first. */
function openFirst(files: readonly DownloadFile[]): DownloadFile[] {
  const order = { downloading: 0, verifying: 0, failed: 1, queued: 2, ready: 3 };
  return [...files].sort((a, b) => order[a.status] - order[b.status]);
}

function AskCancel(props: { name: string; onClose: () => void; onYes: () => void }): JSX.Element {
  return (
    <Dialog title={t('download.cancel.title', { name: props.name })} onClose={props.onClose}>
      <p class="muted">{t('download.cancel.text')}</p>
      <div class="actions">
        <button type="button" class="btn" onClick={props.onClose}>
          {t('download.cancel.keep')}
        </button>
        <button type="button" class="btn danger" onClick={props.onYes}>
          {t('download.cancel.yes')}
        </button>
      </div>
    </Dialog>
  );
}
