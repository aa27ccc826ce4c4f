/** All downloads the page knows, kept fresh by the live feed, and what a person may do with them. */

import { computed, signal } from '@preact/signals';
import { api, type QueueAction } from '../api/client';
import { DownloadFeed, isActive } from '../api/live';
import type { Download } from '../api/types';

const known = signal<ReadonlyMap<number, Download>>(new Map());
/** False until the first answer of the feed. */
export const downloadsKnown = signal(false);
/** Counts downloads that began or ended while the page looked on: lists of models are old then. */
export const modelChanges = signal(0);

export const feed = new DownloadFeed(
  { downloads: api.downloads, visible: () => document.visibilityState === 'visible' },
  {
    now: () => Date.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  },
);

/** Unfinished first in the queue's order, then the finished ones, newest first. */
export const downloads = computed(() => [...known.value.values()].sort(queueOrder));
export const activeDownloads = computed(() => downloads.value.filter(isActive));

const activeByModel = computed(
  () => new Map(activeDownloads.value.map((download) => [download.model_id, download])),
);
export const downloadOf = (modelId: string): Download | undefined =>
  activeByModel.value.get(modelId);

const kPhase: Partial<Record<Download['status'], number>> = {
  publishing: 0,
  verifying: 0,
  downloading: 0,
  resolving: 0,
  queued: 1,
  paused: 2,
};

function queueOrder(a: Download, b: Download): number {
  const phase = (kPhase[a.status] ?? 3) - (kPhase[b.status] ?? 3);
  if (phase !== 0) return phase;
  if (isActive(a)) return (a.position ?? a.id) - (b.position ?? b.id) || a.id - b.id;
  return b.id - a.id;
}

/** Lists leave out the files of finished downloads, but what was seen before is still true. */
export function mergeDownloads(changed: readonly Download[]): void {
  if (changed.length === 0) return;
  const next = new Map(known.value);
  let moved = false;
  for (const one of changed) {
    const before = next.get(one.id);
    const turned = before === undefined ? isActive(one) : isActive(before) !== isActive(one);
    if (downloadsKnown.value && turned) moved = true;
    next.set(
      one.id,
      one.files === undefined && before?.files ? { ...one, files: before.files } : one,
    );
  }
  known.value = next;
  if (moved) modelChanges.value += 1;
}

function replaceActive(active: readonly Download[]): void {
  const still = new Set(active.map((one) => one.id));
  const kept = [...known.value.values()].filter((one) => !isActive(one) || still.has(one.id));
  const gone = known.value.size - kept.length;
  known.value = new Map(kept.map((one) => [one.id, one]));
  mergeDownloads(active);
  downloadsKnown.value = true;
  if (gone > 0) modelChanges.value += 1;
}

export function startDownloads(): void {
  feed.subscribe({ whole: replaceActive, changed: mergeDownloads });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') feed.poke();
  });
  window.addEventListener('online', () => feed.poke());
}

export async function act(id: number, action: QueueAction): Promise<void> {
  mergeDownloads([await api.act(id, action)]);
  feed.poke();
}

export async function startFirst(id: number): Promise<void> {
  mergeDownloads([await api.startFirst(id)]);
  feed.poke();
}

/** One page of the history into what is known. Returns the cursor of the next page. */
export async function loadHistory(
  status: 'failed' | 'finished',
  cursor?: string,
): Promise<string | undefined> {
  const page = await api.downloads({ status, limit: 50, cursor });
  mergeDownloads(page.downloads);
  return page.next_cursor;
}

export async function askAgain(download: Download): Promise<void> {
  const { model_name, revision, priority } = download;
  const answer = await api.addDownload({ model_name, revision, priority });
  if (answer.download) mergeDownloads([answer.download]);
  feed.poke();
}

/** Why a model is not there: the newest download of it that failed. */
export async function loadFailure(modelId: string): Promise<void> {
  const page = await api.downloads({ status: 'failed', model_id: modelId, limit: 1 });
  mergeDownloads(page.downloads);
}

/** All there is about one download, its files too. */
export async function loadDownload(id: number): Promise<void> {
  mergeDownloads([await api.download(id)]);
}
