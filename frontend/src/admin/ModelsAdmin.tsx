/** All models for those who keep the store: find, select, change, delete. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Model } from '../api/types';
import { t } from '../i18n/en';
import { focusedRow, moveFocus, useKeys } from '../keyboard';
import {
  activeFilters,
  cleared,
  type Filters,
  fromQuery,
  kSorts,
  kStatuses,
  naturalOrder,
  type Status,
  toQuery,
} from '../lib/filters';
import { query, replaceQuery } from '../router';
import {
  listAt,
  listError,
  listLoading,
  listUnder,
  loadModels,
  loadMore,
  storeTotal,
  wantFilters,
} from '../state/models';
import { Icon } from '../ui/icons';
import { Empty, ErrorBox, Select, useSlow } from '../ui/parts';
import { explain, keptFrom } from '../user/errors';
import { describeFilters } from '../user/filterWords';
import { TableSkeleton } from '../user/ModelTable';
import { PageTitle } from '../user/PageTitle';
import { AdminModelTable } from './AdminModelTable';
import { BulkBar } from './BulkBar';
import { DeleteModels } from './DeleteModels';
import { EditModel } from './EditModel';

const selected = signal<ReadonlySet<string>>(new Set());

export function ModelsAdmin(): JSX.Element {
  const filters = fromQuery(query.value);
  useEffect(() => wantFilters(filters), [query.value]);
  const search = useRef<HTMLInputElement>(null);
  const [editing, setEditing] = useState<Model | null>(null);
  const [deleting, setDeleting] = useState<Model[]>([]);
  const list = listUnder(filters);
  const models = list?.models ?? [];
  const slow = useSlow(list === null && listLoading.value);
  // A selection only ever means rows that are in sight of the filters.
  const chosen = models.filter((model) => selected.value.has(model.id));

  useKeys({
    '/': () => search.current?.focus(),
    j: () => moveFocus(1),
    k: () => moveFocus(-1),
    x: () => {
      const row = focusedRow();
      if (row !== null) flip(row);
    },
  });

  const setFilters = (next: Filters): void => replaceQuery(toQuery(next));
  const tools = (
    <Tools filters={filters} onChange={setFilters} inputRef={search} shown={models.length} />
  );
  return (
    <>
      <div class="page-head">
        <PageTitle tab={t('models.title')}>{t('models.title')}</PageTitle>
        <span class="sm muted num">
          {storeTotal.value !== null && t('noun.models', { n: storeTotal.value })}
        </span>
        <div class="row end">
          <a class="btn primary" href="/admin/downloads?add">
            <Icon name="plus" small />
            {t('nav.add')}
          </a>
        </div>
      </div>
      {chosen.length > 0 ? (
        <BulkBar
          models={chosen}
          onClear={() => {
            selected.value = new Set();
          }}
          onDelete={() => setDeleting(chosen)}
        />
      ) : (
        tools
      )}
      {listError.value && (
        <ErrorBox
          title={t('error.models')}
          detail={explain(listError.value)}
          kept={keptFrom(listAt.value)}
          onRetry={() => void loadModels()}
        />
      )}
      {list === null && slow && <TableSkeleton />}
      {list !== null && models.length === 0 && (
        <Nothing filters={filters} onClear={() => setFilters(cleared(filters))} />
      )}
      {models.length > 0 && (
        <AdminModelTable
          models={models}
          filters={filters}
          selected={selected.value}
          onSelect={(ids) => {
            selected.value = ids;
          }}
          onSort={(sort, order) => setFilters({ ...filters, sort, order })}
          onEdit={setEditing}
          onDelete={(model) => setDeleting([model])}
        />
      )}
      {list?.more && (
        <div class="list-foot">
          <span class="num">{t('list.shown', { n: models.length, total: list.total })}</span>
          <button type="button" class="btn" onClick={() => void loadMore()}>
            {t('action.loadMore')}
          </button>
        </div>
      )}
      {editing && <EditModel model={editing} onClose={() => setEditing(null)} />}
      {deleting.length > 0 && (
        <DeleteModels
          models={deleting}
          onClose={(gone) => {
            setDeleting([]);
            selected.value = new Set([...selected.value].filter((id) => !gone.includes(id)));
          }}
        />
      )}
    </>
  );
}

function flip(id: string): void {
  const next = new Set(selected.value);
  if (!next.delete(id)) next.add(id);
  selected.value = next;
}

function Tools(props: {
  filters: Filters;
  onChange: (filters: Filters) => void;
  inputRef: { current: HTMLInputElement | null };
  shown: number;
}): JSX.Element {
  const { filters, onChange } = props;
  return (
    <div class="admin-tools">
      <search class="field grow">
        <Icon name="search" small />
        <input
          type="search"
          ref={props.inputRef}
          aria-label={t('search.label')}
          placeholder={t('search.placeholder')}
          spellcheck={false}
          autocomplete="off"
          maxLength={200}
          value={filters.search}
          onInput={(event) => onChange({ ...filters, search: event.currentTarget.value })}
        />
        <kbd class="wide-only">/</kbd>
      </search>
      <Select<Status | 'any'>
        label={t('filters.status')}
        value={filters.statuses[0] ?? 'any'}
        options={[
          { value: 'any', label: t('models.anyStatus') },
          ...kStatuses.map((one) => ({ value: one, label: t(`status.${one}`) })),
        ]}
        onChange={(status) => onChange({ ...filters, statuses: status === 'any' ? [] : [status] })}
      />
      <Select
        label={t('list.sort')}
        icon="sort"
        value={filters.sort}
        options={kSorts.map((one) => ({ value: one, label: t(`sort.${one}`) }))}
        onChange={(sort) => onChange({ ...filters, sort, order: naturalOrder(sort) })}
      />
      <span class="sr" role="status">
        {t('list.count.all', { n: props.shown })}
      </span>
    </div>
  );
}

function Nothing(props: { filters: Filters; onClear: () => void }): JSX.Element {
  const { filters } = props;
  const filtered = activeFilters(filters) > 0 || filters.search.trim() !== '';
  return (
    <div class="card">
      {filtered ? (
        <Empty icon="search" title={t('empty.match', { filters: describeFilters(filters) })}>
          <button type="button" class="btn" onClick={props.onClear}>
            {t('empty.match.action')}
          </button>
        </Empty>
      ) : (
        <Empty icon="models" title={t('empty.models')} text={t('empty.models.text')}>
          <a class="btn primary" href="/admin/downloads?add">
            <Icon name="plus" small />
            {t('empty.models.action')}
          </a>
        </Empty>
      )}
    </div>
  );
}
