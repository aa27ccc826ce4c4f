/** The models with a box to select each. Shift selects all between; the box in the head, all that match. */

import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Model } from '../api/types';
import { t } from '../i18n/en';
import type { Filters, Order, Sort } from '../lib/filters';
import { ago, count } from '../lib/format';
import { modelPath } from '../router';
import { downloadOf } from '../state/downloads';
import { now } from '../state/session';
import { Chip, IconButton, ModelName, type Tone } from '../ui/parts';
import { useMedia, useWindow } from '../ui/useWindow';
import { ModelFlags } from '../user/ModelFlags';
import { Facts, Gap, Size, SortHead } from '../user/ModelTable';
import { RowProgress } from '../user/RowProgress';

const kRowHeight = 58;
const kPhoneRowHeight = 124;

interface AdminModelTableProps {
  models: Model[];
  filters: Filters;
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  onSort: (sort: Sort, order: Order) => void;
  onEdit: (model: Model) => void;
  onDelete: (model: Model) => void;
}

export function AdminModelTable(props: AdminModelTableProps): JSX.Element {
  const { models, filters, selected, onSort } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const lastClicked = useRef<number | null>(null);
  const phone = useMedia('(max-width: 760px)');
  const rows = useWindow(body, models.length, phone ? kPhoneRowHeight : kRowHeight);
  const all = models.every((model) => selected.has(model.id));
  const some = models.some((model) => selected.has(model.id));

  const select = (index: number, on: boolean, range: boolean): void => {
    const from = range && lastClicked.current !== null ? lastClicked.current : index;
    lastClicked.current = index;
    const next = new Set(selected);
    for (const one of models.slice(Math.min(from, index), Math.max(from, index) + 1)) {
      if (on) next.add(one.id);
      else next.delete(one.id);
    }
    props.onSelect(next);
  };

  const head = (sort: Sort, label: string, extra = ''): JSX.Element => (
    <SortHead {...{ sort, label, filters, onSort, extra }} />
  );
  return (
    <table class="model-table for-admin" role="table" aria-rowcount={models.length + 1}>
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          <th role="columnheader" class="c-select">
            <input
              type="checkbox"
              aria-label={t('models.selectAll')}
              checked={all}
              indeterminate={some && !all}
              onChange={(event) =>
                props.onSelect(
                  new Set(event.currentTarget.checked ? models.map((model) => model.id) : []),
                )
              }
            />
          </th>
          {head('name', t('column.model'))}
          <th role="columnheader">{t('column.status')}</th>
          {head('largest', t('column.size'), 'right')}
          {head('uses', t('column.uses'), 'right')}
          {head('used', t('column.used'), 'used')}
          <th role="columnheader">
            <span class="sr">{t('column.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup" ref={body}>
        {rows.before > 0 && <Gap height={rows.before} />}
        {models.slice(rows.first, rows.end).map((model, at) => (
          <Row
            key={model.id}
            model={model}
            index={rows.first + at + 2}
            chosen={selected.has(model.id)}
            onSelect={(on, range) => select(rows.first + at, on, range)}
            onEdit={props.onEdit}
            onDelete={props.onDelete}
          />
        ))}
        {rows.after > 0 && <Gap height={rows.after} />}
      </tbody>
    </table>
  );
}

const kTone: Record<Model['status'], Tone | undefined> = {
  ready: 'ok',
  downloading: 'info',
  failed: 'bad',
  archived: undefined,
};

function Row(props: {
  model: Model;
  index: number;
  chosen: boolean;
  onSelect: (on: boolean, range: boolean) => void;
  onEdit: (model: Model) => void;
  onDelete: (model: Model) => void;
}): JSX.Element {
  const { model } = props;
  const { name } = model;
  const download = downloadOf(model.id);
  return (
    <tr
      role="row"
      aria-rowindex={props.index}
      data-row={model.id}
      class={props.chosen ? 'chosen' : undefined}
    >
      <td role="cell" class="c-select">
        <input
          type="checkbox"
          aria-label={t('models.selectOne', { name })}
          checked={props.chosen}
          onClick={(event) => props.onSelect(event.currentTarget.checked, event.shiftKey)}
        />
      </td>
      <td role="cell" class="c-name">
        <div class="title">
          <a href={modelPath(name)} class="plain-link" data-row-focus title={name}>
            <ModelName name={name} />
          </a>
          <ModelFlags model={model} onlyPin />
        </div>
        <div class="sub sm muted">
          <Facts model={model} />
        </div>
      </td>
      <td role="cell" class="c-status">
        {download ? (
          <RowProgress download={download} />
        ) : (
          <>
            <Chip tone={kTone[model.status]}>{t(`status.${model.status}`)}</Chip>
            <ModelFlags model={model} noPin />
          </>
        )}
      </td>
      <td role="cell" class="c-size num right">
        <Size model={model} />
      </td>
      <td role="cell" class="c-uses num right">
        {count(model.stats.total_requests)}
      </td>
      <td role="cell" class="used sm muted">
        {model.stats.last_used_at ? ago(model.stats.last_used_at, now.value) : '–'}
      </td>
      <td role="cell" class="c-actions">
        <IconButton
          icon="pencil"
          label={t('models.edit', { name })}
          onClick={() => props.onEdit(model)}
        />
        <IconButton
          icon="trash"
          label={t('models.deleteOne', { name })}
          onClick={() => props.onDelete(model)}
        />
      </td>
    </tr>
  );
}
