/** The line above the list: how many, which filters, which order, table or cards. */

import type { JSX } from 'preact';
import { t } from '../i18n/en';
import { activeFilters, cleared, type Filters, kSorts, naturalOrder } from '../lib/filters';
import { holdsAll, type ModelList, storeTotal } from '../state/models';
import { view } from '../state/prefs';
import { Icon } from '../ui/icons';
import { Segments, Select } from '../ui/parts';
import { filterChips } from './filterWords';

interface ListToolsProps {
  filters: Filters;
  list: ModelList | null;
  onChange: (filters: Filters) => void;
  onOpenFilters: () => void;
}

export function ListTools({ filters, list, onChange, onOpenFilters }: ListToolsProps): JSX.Element {
  const active = activeFilters(filters);
  const chips = filterChips(filters);
  return (
    <div class="list-tools">
      <button type="button" class="btn narrow-only" onClick={onOpenFilters}>
        <Icon name="filters" small />
        {t('filters.title')}
        {active > 0 && <span class="chip accent num">{active}</span>}
      </button>
      <span class="list-count num wide-only" role="status">
        {list === null ? '' : countWords(list)}
      </span>
      {chips.map((chip) => (
        <span class="filter-chip" key={chip.key}>
          <span class="truncate">{chip.label}</span>
          <button
            type="button"
            aria-label={t('filters.remove', { what: chip.label })}
            onClick={() => onChange(chip.without)}
          >
            <Icon name="close" small />
          </button>
        </span>
      ))}
      {chips.length > 0 && (
        <button type="button" class="link sm wide-only" onClick={() => onChange(cleared(filters))}>
          {t('filters.clear')}
        </button>
      )}
      <div class="row end">
        <Select
          label={t('list.sort')}
          icon="sort"
          value={filters.sort}
          options={kSorts.map((one) => ({ value: one, label: t(`sort.${one}`) }))}
          onChange={(sort) => onChange({ ...filters, sort, order: naturalOrder(sort) })}
        />
        <Segments
          class="wide-only"
          label={t('list.view')}
          value={view.value}
          options={[
            { value: 'table', label: t('list.view.table'), icon: 'list' },
            { value: 'cards', label: t('list.view.cards'), icon: 'grid' },
          ]}
          onChange={(chosen) => {
            view.value = chosen;
          }}
        />
      </div>
    </div>
  );
}

function countWords(list: ModelList): string {
  const total = storeTotal.value ?? list.total;
  if (list.total === total || !holdsAll.value) return t('list.count.all', { n: list.total });
  return t('list.count.some', { n: list.total, total });
}
