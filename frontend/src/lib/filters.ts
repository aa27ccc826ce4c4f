/** The filters of a model list: read from the address, written to it, applied, and counted as facets. */

import { search } from './search';

export const kSorts = ['uses', 'newest', 'used', 'largest', 'name'] as const;
export type Sort = (typeof kSorts)[number];
export type Order = 'asc' | 'desc';

export const kStatuses = ['ready', 'downloading', 'failed', 'archived'] as const;
export type Status = (typeof kStatuses)[number];

export interface Filters {
  search: string;
  tasks: string[];
  formats: string[];
  licenses: string[];
  statuses: Status[];
  minSize: number | null;
  maxSize: number | null;
  sort: Sort;
  order: Order;
}

export interface Filterable {
  name: string;
  task?: string;
  format?: string;
  license?: string;
  status: Status;
  size_bytes: number;
  tags: string[];
  downloaded_by?: string;
  downloaded_at?: string;
  created_at: string;
  stats: { total_requests: number; last_used_at?: string };
}

/** The name of each sort in the API. */
export const kSortField = {
  uses: 'total_requests',
  newest: 'downloaded_at',
  used: 'last_used_at',
  largest: 'size_bytes',
  name: 'name',
} as const satisfies Record<Sort, string>;

export const naturalOrder = (sort: Sort): Order => (sort === 'name' ? 'asc' : 'desc');

export function noFilters(): Filters {
  return {
    search: '',
    tasks: [],
    formats: [],
    licenses: [],
    statuses: [],
    minSize: null,
    maxSize: null,
    sort: 'uses',
    order: 'desc',
  };
}

/** Nothing is left out any more; the order stays, since it hides nothing. */
export const cleared = (filters: Filters): Filters => ({
  ...noFilters(),
  sort: filters.sort,
  order: filters.order,
});

export function fromQuery(query: URLSearchParams): Filters {
  const asked = query.get('sort');
  const sort = kSorts.find((one) => one === asked) ?? 'uses';
  const order = query.get('order');
  return {
    search: query.get('q') ?? '',
    tasks: query.getAll('task'),
    formats: query.getAll('format'),
    licenses: query.getAll('license'),
    statuses: kStatuses.filter((one) => query.getAll('status').includes(one)),
    minSize: sizeFrom(query.get('min')),
    maxSize: sizeFrom(query.get('max')),
    sort,
    order: order === 'asc' || order === 'desc' ? order : naturalOrder(sort),
  };
}

function sizeFrom(text: string | null): number | null {
  return text !== null && /^[0-9]{1,16}$/.test(text) ? Number(text) : null;
}

/** Only what differs from the default is in the address. */
export function toQuery(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  if (filters.search !== '') query.set('q', filters.search);
  for (const one of filters.tasks) query.append('task', one);
  for (const one of filters.formats) query.append('format', one);
  for (const one of filters.licenses) query.append('license', one);
  for (const one of filters.statuses) query.append('status', one);
  if (filters.minSize !== null) query.set('min', String(filters.minSize));
  if (filters.maxSize !== null) query.set('max', String(filters.maxSize));
  if (filters.sort !== 'uses') query.set('sort', filters.sort);
  if (filters.order !== naturalOrder(filters.sort)) query.set('order', filters.order);
  return query;
}

/** How many filters narrow the list; sort and search are not filters. */
export function activeFilters(filters: Filters): number {
  return (
    filters.tasks.length +
    filters.formats.length +
    filters.licenses.length +
    filters.statuses.length +
    (filters.minSize === null ? 0 : 1) +
    (filters.maxSize === null ? 0 : 1)
  );
}

type Facet = 'tasks' | 'formats' | 'licenses' | 'statuses' | 'size';

const anyOf = (wanted: readonly string[], has: readonly string[]): boolean =>
  wanted.length === 0 || has.some((one) => wanted.includes(one));

function passes(model: Filterable, filters: Filters, leaveOut?: Facet): boolean {
  return (
    (leaveOut === 'tasks' || anyOf(filters.tasks, [model.task ?? ''])) &&
    (leaveOut === 'formats' || anyOf(filters.formats, [model.format ?? ''])) &&
    (leaveOut === 'licenses' || anyOf(filters.licenses, [model.license ?? ''])) &&
    (leaveOut === 'statuses' || anyOf(filters.statuses, [model.status])) &&
    (leaveOut === 'size' ||
      ((filters.minSize === null || model.size_bytes >= filters.minSize) &&
        (filters.maxSize === null || model.size_bytes <= filters.maxSize)))
  );
}

export function sorted<T extends Filterable>(models: readonly T[], sort: Sort, order: Order): T[] {
  const way = order === 'asc' ? 1 : -1;
  const byName = (a: T, b: T): number => compareText(a.name, b.name);
  const key: Record<Sort, (a: T, b: T) => number> = {
    name: byName,
    uses: (a, b) => a.stats.total_requests - b.stats.total_requests,
    largest: (a, b) => a.size_bytes - b.size_bytes,
    newest: (a, b) => compareText(added(a), added(b)),
    used: (a, b) => compareText(a.stats.last_used_at ?? '', b.stats.last_used_at ?? ''),
  };
  return [...models].sort((a, b) => way * key[sort](a, b) || byName(a, b));
}

/** A model that is on its way counts from its asking. */
export const added = (model: Filterable): string => model.downloaded_at ?? model.created_at;

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function applyFilters<T extends Filterable>(models: readonly T[], filters: Filters): T[] {
  const kept = models.filter((model) => passes(model, filters));
  return search(sorted(kept, filters.sort, filters.order), filters.search);
}

export interface FacetValue {
  value: string;
  count: number;
}

/** Counts of a facet under all the other filters, so that a number says what a click would show. */
export function facet(
  models: readonly Filterable[],
  filters: Filters,
  which: 'tasks' | 'formats' | 'licenses' | 'statuses',
): FacetValue[] {
  const counts = new Map<string, number>();
  for (const model of search(models, filters.search)) {
    if (!passes(model, filters, which)) continue;
    for (const value of valuesOf(model, which)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  for (const chosen of filters[which]) if (!counts.has(chosen)) counts.set(chosen, 0);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || compareText(a.value, b.value));
}

function valuesOf(
  model: Filterable,
  which: 'tasks' | 'formats' | 'licenses' | 'statuses',
): readonly string[] {
  const value = {
    tasks: model.task,
    formats: model.format,
    licenses: model.license,
    statuses: model.status,
  }[which];
  return value === undefined || value === '' ? [] : [value];
}

/** Steps of the size slider: 1, 2, 5 times powers of ten, wide enough for what is stored. */
export function sizeSteps(models: readonly Filterable[]): number[] {
  const sizes = models.map((model) => model.size_bytes).filter((size) => size > 0);
  if (sizes.length === 0) return [];
  const smallest = sizes.reduce((a, b) => Math.min(a, b));
  const largest = sizes.reduce((a, b) => Math.max(a, b));
  const steps: number[] = [];
  for (let power = Math.floor(Math.log10(smallest)); steps.length < 48; power += 1) {
    for (const lead of [1, 2, 5]) {
      const step = lead * 10 ** power;
      if (step <= smallest) steps.length = 0;
      steps.push(step);
      if (step >= largest) return steps;
    }
  }
  return steps;
}

export interface SizeColumn {
  from: number;
  to: number;
  count: number;
}

/** One column between each two steps, counted under the other filters. */
export function sizeHistogram(
  models: readonly Filterable[],
  filters: Filters,
  steps: readonly number[],
): SizeColumn[] {
  const columns: SizeColumn[] = [];
  for (let at = 1; at < steps.length; at += 1) {
    columns.push({ from: steps[at - 1] ?? 0, to: steps[at] ?? 0, count: 0 });
  }
  for (const model of search(models, filters.search)) {
    if (!passes(model, filters, 'size')) continue;
    const column = columns.find((one) => model.size_bytes <= one.to);
    if (column !== undefined) column.count += 1;
  }
  return columns;
}
