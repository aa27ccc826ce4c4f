/** The list of models: search, filters, sort, as a table or as cards. The address holds all of it. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/en';
import { moveFocus, useKeys } from '../keyboard';
import { activeFilters, cleared, type Filters, fromQuery, toQuery } from '../lib/filters';
import { query, replaceQuery } from '../router';
import {
  listAt,
  listError,
  listLoading,
  listUnder,
  loadModels,
  loadMore,
  type ModelList,
  needModels,
  storeTotal,
  wantFilters,
} from '../state/models';
import { view } from '../state/prefs';
import { Dialog } from '../ui/Dialog';
import { Icon } from '../ui/icons';
import { Empty, ErrorBox, useSlow } from '../ui/parts';
import { useMedia } from '../ui/useWindow';
import { explain, keptFrom } from './errors';
import { FilterPanel } from './FilterPanel';
import { describeFilters } from './filterWords';
import { ListTools } from './ListTools';
import { ModelCards } from './ModelCards';
import { ModelTable, TableSkeleton } from './ModelTable';
import { PageTitle } from './PageTitle';
import { SearchField } from './Shell';
import { Strip } from './Strip';

const filtersOpen = signal(false);

export function Browse(): JSX.Element {
  const filters = fromQuery(query.value);
  const setFilters = (next: Filters): void => replaceQuery(toQuery(next));
  useEffect(needModels, []);
  useEffect(() => wantFilters(filters), [query.value]);
  const list = listUnder(filters);
  // With no models there is nothing to filter or to sort.
  const bare =
    (list === null && listError.value !== null) ||
    (list?.models.length === 0 && unfiltered(filters));
  const phone = useMedia('(max-width: 760px)');
  const narrow = useMedia('(max-width: 960px)');

  useKeys({
    j: () => moveFocus(1),
    k: () => moveFocus(-1),
    f: () => {
      if (narrow) filtersOpen.value = true;
      else document.querySelector<HTMLElement>('.filters input')?.focus();
    },
  });

  return (
    <div class={bare ? 'browse bare' : 'browse'}>
      <div class="hero">
        <div>
          <PageTitle tab={t('browse.title')}>{t('browse.title')}</PageTitle>
          <p>{t('browse.lead')}</p>
        </div>
        <Strip />
      </div>
      <div class="page-search phone-only">
        <SearchField
          class="grow"
          placeholder={
            storeTotal.value ? t('search.placeholder.count', { n: storeTotal.value }) : undefined
          }
        />
      </div>
      {!narrow && !bare && (
        <aside class="filters" aria-label={t('filters.title')}>
          <FilterPanel filters={filters} onChange={setFilters} />
        </aside>
      )}
      <section aria-label={t('browse.list')} class="list-section">
        {!bare && (
          <ListTools
            filters={filters}
            list={list}
            onChange={setFilters}
            onOpenFilters={() => {
              filtersOpen.value = true;
            }}
          />
        )}
        {listError.value && (
          <ErrorBox
            title={t('error.models')}
            detail={explain(listError.value)}
            kept={keptFrom(listAt.value)}
            onRetry={() => void loadModels()}
          />
        )}
        <Rows
          list={list}
          filters={filters}
          phone={phone}
          onClear={() => setFilters(cleared(filters))}
        />
      </section>
      {narrow && filtersOpen.value && (
        <FilterSheet filters={filters} list={list} onChange={setFilters} />
      )}
    </div>
  );
}

const unfiltered = (filters: Filters): boolean =>
  activeFilters(filters) === 0 && filters.search.trim() === '';

function Rows(props: {
  list: ModelList | null;
  filters: Filters;
  phone: boolean;
  onClear: () => void;
}): JSX.Element | null {
  const { list, filters } = props;
  const slow = useSlow(list === null && listLoading.value);
  if (list === null) return slow ? <TableSkeleton /> : null;
  if (list.models.length === 0) {
    if (unfiltered(filters)) return <NoModels />;
    return (
      <div class="card">
        <Empty icon="search" title={t('empty.match', { filters: describeFilters(filters) })}>
          <button type="button" class="btn" onClick={props.onClear}>
            {t('empty.match.action')}
          </button>
        </Empty>
      </div>
    );
  }
  return (
    <>
      {view.value === 'cards' && !props.phone ? (
        <ModelCards models={list.models} />
      ) : (
        <ModelTable
          models={list.models}
          filters={filters}
          onSort={(sort, order) => replaceQuery(toQuery({ ...filters, sort, order }))}
        />
      )}
      <div class="list-foot">
        <span class="num">{t('list.shown', { n: list.models.length, total: list.total })}</span>
        {list.more && (
          <button
            type="button"
            class="btn"
            disabled={listLoading.value}
            onClick={() => void loadMore()}
          >
            {listLoading.value ? t('state.loading') : t('action.loadMore')}
          </button>
        )}
        <span class="wide-only key-hint">
          <kbd>J</kbd> <kbd>K</kbd> {t('keys.hint.move')} <kbd>Enter</kbd> {t('keys.hint.open')}{' '}
          <kbd>?</kbd> {t('keys.hint.all')}
        </span>
      </div>
    </>
  );
}

function NoModels(): JSX.Element {
  return (
    <div class="card">
      <Empty icon="models" title={t('empty.models')} text={t('empty.models.text')}>
        <a class="btn primary" href="/admin/downloads?add">
          <Icon name="plus" small />
          {t('empty.models.action')}
        </a>
      </Empty>
    </div>
  );
}

function FilterSheet(props: {
  filters: Filters;
  list: ModelList | null;
  onChange: (filters: Filters) => void;
}): JSX.Element {
  const close = (): void => {
    filtersOpen.value = false;
  };
  return (
    <Dialog title={t('filters.title')} class="sheet" onClose={close}>
      <div class="filters">
        <FilterPanel filters={props.filters} onChange={props.onChange} />
      </div>
      <div class="actions sheet-foot">
        <button type="button" class="btn" onClick={() => props.onChange(cleared(props.filters))}>
          {t('filters.clear')}
        </button>
        <button type="button" class="btn primary grow" onClick={close}>
          {t('filters.show', { n: props.list?.total ?? 0 })}
        </button>
      </div>
    </Dialog>
  );
}
