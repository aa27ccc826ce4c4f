/**
 * Models as a table. Rows have one height and only those near the screen are drawn; on a phone the same
 * table shows each row in two lines, with its roles kept.
 */

import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Model } from '../api/types';
import { t } from '../i18n/en';
import { added, type Filters, naturalOrder, type Order, type Sort } from '../lib/filters';
import { ago, bytes, count, humanTask } from '../lib/format';
import { modelPath } from '../router';
import { downloadOf } from '../state/downloads';
import { now } from '../state/session';
import { Icon } from '../ui/icons';
import { Avatar, Chip, ModelName, Skeleton } from '../ui/parts';
import { useMedia, useWindow } from '../ui/useWindow';
import { ModelFlags } from './ModelFlags';
import { RowProgress } from './RowProgress';

const kRowHeight = 58;
const kPhoneRowHeight = 112;

interface ModelTableProps {
  models: Model[];
  filters: Filters;
  onSort: (sort: Sort, order: Order) => void;
}

export function ModelTable({ models, filters, onSort }: ModelTableProps): JSX.Element {
  const body = useRef<HTMLTableSectionElement>(null);
  const phone = useMedia('(max-width: 760px)');
  const height = phone ? kPhoneRowHeight : kRowHeight;
  const rows = useWindow(body, models.length, height);
  const head = (sort: Sort, label: string, extra = ''): JSX.Element => (
    <SortHead {...{ sort, label, filters, onSort, extra }} />
  );
  return (
    <table class="model-table" role="table" aria-rowcount={models.length + 1}>
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          {head('name', t('column.model'))}
          <th role="columnheader">{t('column.format')}</th>
          {head('largest', t('column.size'), 'right')}
          <th role="columnheader" class="by">
            {t('column.by')}
          </th>
          {head('uses', t('column.uses'), 'right')}
          {head('newest', t('column.added'))}
        </tr>
      </thead>
      <tbody role="rowgroup" ref={body}>
        {rows.before > 0 && <Gap height={rows.before} />}
        {models.slice(rows.first, rows.end).map((model, at) => (
          <Row key={model.id} model={model} index={rows.first + at + 2} />
        ))}
        {rows.after > 0 && <Gap height={rows.after} />}
      </tbody>
    </table>
  );
}

/** Stands for the rows that are not drawn. */
export function Gap({ height }: { height: number }): JSX.Element {
  // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is no row, only room
  return <tr role="presentation" class="gap" style={{ height: `${height}px` }} />;
}

export function SortHead(props: {
  sort: Sort;
  label: string;
  filters: Filters;
  extra: string;
  onSort: (sort: Sort, order: Order) => void;
}): JSX.Element {
  const { sort, filters } = props;
  const active = filters.sort === sort;
  const next: Order = active ? (filters.order === 'asc' ? 'desc' : 'asc') : naturalOrder(sort);
  const direction = filters.order === 'asc' ? 'ascending' : 'descending';
  return (
    <th role="columnheader" class={props.extra} aria-sort={active ? direction : undefined}>
      <button type="button" class="sort-head" onClick={() => props.onSort(sort, next)}>
        {props.label}
        {active && <Icon name={filters.order === 'asc' ? 'up' : 'downArrow'} small />}
      </button>
    </th>
  );
}

function Row({ model, index }: { model: Model; index: number }): JSX.Element {
  const download = downloadOf(model.id);
  return (
    <tr role="row" aria-rowindex={index} data-row={model.name}>
      <td role="cell" class="c-name">
        <div class="title">
          <a href={modelPath(model.name)} data-row-focus class="row-link" title={model.name}>
            <ModelName name={model.name} />
          </a>
          <ModelFlags model={model} />
        </div>
        <div class="sub sm muted">
          <Facts model={model} />
        </div>
      </td>
      <td role="cell" class="c-format">
        {model.format && <Chip>{model.format}</Chip>}
        {model.license && <span class="xs dim phone-only truncate">{model.license}</span>}
      </td>
      <td role="cell" class="c-size num right">
        <Size model={model} />
      </td>
      <td role="cell" class="c-by by">
        {model.downloaded_by && (
          <span class="row" title={model.stats.first_downloaded_from}>
            <Avatar name={model.downloaded_by} small />
            <span class="truncate sm">{model.downloaded_by}</span>
          </span>
        )}
      </td>
      <td role="cell" class="c-uses num right">
        {count(model.stats.total_requests)}
      </td>
      <td role="cell" class={download ? 'c-added busy' : 'c-added'}>
        <Added model={model} />
      </td>
    </tr>
  );
}

/** Of a model on its way, what it will be. */
export function Size({ model }: { model: Model }): JSX.Element {
  const size = model.size_bytes > 0 ? model.size_bytes : (downloadOf(model.id)?.bytes_total ?? 0);
  return <span class={size > 0 ? undefined : 'dim'}>{size > 0 ? bytes(size) : '–'}</span>;
}

export function Facts({ model }: { model: Model }): JSX.Element {
  const task = humanTask(model.task);
  const others = [model.library ?? '', model.license ?? ''].filter((fact) => fact !== '');
  return (
    <span class="truncate">
      {task}
      {others.length > 0 && (
        <span class="wide-inline">{(task === '' ? '' : ' · ') + others.join(' · ')}</span>
      )}
    </span>
  );
}

/** When it came, or how far it is. */
export function Added({ model }: { model: Model }): JSX.Element {
  const download = downloadOf(model.id);
  if (download !== undefined) return <RowProgress download={download} />;
  if (model.status === 'failed') return <span class="sm bad-text">{t('status.failed')}</span>;
  if (model.status === 'downloading') {
    return <span class="sm muted">{t('status.downloading')}</span>;
  }
  return <span class="sm muted">{ago(added(model), now.value)}</span>;
}

export function TableSkeleton(): JSX.Element {
  return (
    <div class="model-table skeletons" aria-busy="true">
      <span class="sr">{t('state.loading')}</span>
      {[62, 48, 70, 40, 56, 66, 44, 52].map((width) => (
        <div key={width}>
          <Skeleton width={`${width / 2}%`} />
          <Skeleton width={`${width / 4}%`} />
        </div>
      ))}
    </div>
  );
}
