/** Filters in words, for chips, for "no match" and for readers. */

import { t } from '../i18n/en';
import type { Filters } from '../lib/filters';
import { bytes, humanTask } from '../lib/format';

export interface FilterChip {
  key: string;
  label: string;
  without: Filters;
}

export function filterChips(filters: Filters): FilterChip[] {
  const chips: FilterChip[] = [];
  const without = (key: 'tasks' | 'formats' | 'licenses' | 'statuses', value: string): Filters => ({
    ...filters,
    [key]: filters[key].filter((one) => one !== value),
  });
  for (const one of filters.statuses) {
    chips.push({ key: `s:${one}`, label: t(`status.${one}`), without: without('statuses', one) });
  }
  for (const one of filters.tasks) {
    chips.push({ key: `t:${one}`, label: humanTask(one), without: without('tasks', one) });
  }
  for (const one of filters.formats) {
    chips.push({ key: `f:${one}`, label: one, without: without('formats', one) });
  }
  for (const one of filters.licenses) {
    chips.push({ key: `l:${one}`, label: one, without: without('licenses', one) });
  }
  if (filters.minSize !== null) {
    chips.push({
      key: 'min',
      label: t('filters.chip.size.min', { size: bytes(filters.minSize) }),
      without: { ...filters, minSize: null },
    });
  }
  if (filters.maxSize !== null) {
    chips.push({
      key: 'max',
      label: t('filters.chip.size.max', { size: bytes(filters.maxSize) }),
      without: { ...filters, maxSize: null },
    });
  }
  return chips;
}

export function describeFilters(filters: Filters): string {
  const words = filterChips(filters).map((chip) => chip.label);
  const search = filters.search.trim();
  if (search !== '') words.unshift(t('filters.chip.search', { text: search }));
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(words);
}
