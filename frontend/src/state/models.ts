/**
 * The list of models. A store of up to 2,000 is held whole, so that search, filters and sorting never wait
 * for the network; a larger one is asked page by page.
 */

import { batch, computed, effect, signal } from '@preact/signals';
import { type ApiError, api, type ModelQuery } from '../api/client';
import type { Model } from '../api/types';
import { applyFilters, type Filters, kSortField } from '../lib/filters';
import { modelChanges } from './downloads';
import { asApiError } from './resource';

const kHeldAtMost = 2_000;
const kPage = 200;
const kTypingMs = 150;
/** A list older than this is fetched again when the tab is seen. */
const kStaleMs = 30_000;

interface Paged {
  models: Model[];
  total: number;
  cursor?: string;
}

/** Every model, once the whole list is here; null before that and for large stores. */
const held = signal<Model[] | null>(null);
/** Pages of a large store under the wanted filters. */
const paged = signal<Paged | null>(null);
export const storeTotal = signal<number | null>(null);
export const listError = signal<ApiError | null>(null);
export const listLoading = signal(false);
export const listAt = signal(0);

export const holdsAll = computed(() => held.value !== null);
/** False while the rest of a list that will be held is still on its way: facets would change their order. */
export const facetsKnown = computed(
  () => held.value !== null || (storeTotal.value ?? 0) > kHeldAtMost,
);
/** Of a large store everything seen so far: what a filter leaves out stays on offer in the facets. */
const met = signal<ReadonlyMap<string, Model>>(new Map());
/** What is here of the list, for facets and for looking a name up. */
export const seenModels = computed<Model[]>(() => held.value ?? [...met.value.values()]);

export interface ModelList {
  models: Model[];
  total: number;
  more: boolean;
}

/** The list under these filters; null before the first answer. */
export function listUnder(filters: Filters): ModelList | null {
  if (held.value !== null) {
    const models = applyFilters(held.value, filters);
    return { models, total: models.length, more: false };
  }
  const page = paged.value;
  if (page === null) return null;
  return { models: page.models, total: page.total, more: page.cursor !== undefined };
}

let latest = 0;
let wanted: Filters | null = null;
let typing: ReturnType<typeof setTimeout> | undefined;

/** A large store answers filters itself; a held one needs no call. */
export function wantFilters(filters: Filters): void {
  const before = JSON.stringify(wanted);
  wanted = filters;
  if (held.value !== null || storeTotal.value === null || before === JSON.stringify(filters))
    return;
  clearTimeout(typing);
  typing = setTimeout(() => void run(loadPaged), kTypingMs);
}

export function loadModels(): Promise<void> {
  return run(async (current) => {
    const first = await api.models({ limit: kPage, sort: 'total_requests', order: 'desc' });
    if (!current()) return;
    if (first.total > kHeldAtMost) {
      storeTotal.value = first.total;
      await loadPaged(current);
      return;
    }
    // The first screen shows at once; the rest of the list follows.
    if (first.next_cursor !== undefined && held.value === null) {
      batch(() => {
        storeTotal.value = first.total;
        setPaged({ models: first.models, total: first.total });
      });
    }
    const all = first.next_cursor === undefined ? first.models : (await api.models({})).models;
    if (!current()) return;
    batch(() => {
      held.value = all;
      paged.value = null;
      met.value = new Map();
      storeTotal.value = all.length;
    });
  });
}

async function loadPaged(current: () => boolean): Promise<void> {
  const page = await api.models(pageQuery());
  if (!current()) return;
  batch(() => {
    held.value = null;
    setPaged({ models: page.models, total: page.total, cursor: page.next_cursor });
  });
}

function setPaged(page: Paged): void {
  paged.value = page;
  met.value = new Map([...met.value, ...page.models.map((one) => [one.id, one] as const)]);
}

export function loadMore(): Promise<void> {
  const page = paged.value;
  if (page?.cursor === undefined || listLoading.value) return Promise.resolve();
  return run(async (current) => {
    const next = await api.models({ ...pageQuery(), cursor: page.cursor });
    if (!current()) return;
    const models = [...page.models, ...next.models];
    setPaged({ models, total: next.total, cursor: next.next_cursor });
  });
}

/** The server takes one value a filter, which is why a large store offers one at a time. */
function pageQuery(): ModelQuery {
  const filters = wanted;
  if (filters === null) return { limit: kPage, sort: 'total_requests', order: 'desc' };
  return {
    limit: kPage,
    search: filters.search.trim() === '' ? undefined : filters.search.trim(),
    task: filters.tasks[0],
    format: filters.formats[0],
    license: filters.licenses[0],
    status: filters.statuses[0],
    min_size: filters.minSize ?? undefined,
    max_size: filters.maxSize ?? undefined,
    sort: kSortField[filters.sort],
    order: filters.order,
  };
}

/** Runs one load; a later one makes its answer void, which `current` tells. */
async function run(load: (current: () => boolean) => Promise<void>): Promise<void> {
  latest += 1;
  const mine = latest;
  const current = (): boolean => mine === latest;
  listLoading.value = true;
  let error: ApiError | null = null;
  try {
    await load(current);
  } catch (thrown) {
    error = asApiError(thrown);
  }
  if (!current()) return;
  batch(() => {
    listError.value = error;
    listLoading.value = false;
    if (error === null) listAt.value = Date.now();
  });
}

/** Puts a model the server just answered into the list, in place. */
export function mergeModel(model: Model): void {
  const replace = (models: Model[]): Model[] =>
    models.some((one) => one.id === model.id)
      ? models.map((one) => (one.id === model.id ? model : one))
      : [...models, model];
  if (held.value !== null) held.value = replace(held.value);
  else if (paged.value !== null) setPaged({ ...paged.value, models: replace(paged.value.models) });
}

export function dropModel(id: string): void {
  const without = (models: Model[]): Model[] => models.filter((one) => one.id !== id);
  if (held.value !== null) {
    held.value = without(held.value);
    storeTotal.value = held.value.length;
  } else if (paged.value !== null) {
    const { models, total, cursor } = paged.value;
    paged.value = { models: without(models), total: total - 1, cursor };
    met.value = new Map([...met.value].filter(([one]) => one !== id));
  }
}

export const modelNamed = (name: string): Model | undefined =>
  seenModels.value.find((model) => model.name === name);

let needed = false;

/** Called by views that show the list. A page about one model does without it. */
export function needModels(): void {
  if (needed) return;
  needed = true;
  void loadModels();
  keepFresh();
}

/** Fetches the list again when downloads begin or end and when the tab is seen after a while. */
function keepFresh(): void {
  let soon: ReturnType<typeof setTimeout> | undefined;
  const seen = modelChanges.peek();
  effect(() => {
    if (modelChanges.value === seen) return;
    clearTimeout(soon);
    soon = setTimeout(() => void loadModels(), 300);
  });
  document.addEventListener('visibilitychange', () => {
    const stale = Date.now() - listAt.value > kStaleMs;
    if (document.visibilityState === 'visible' && stale) void loadModels();
  });
}
