/** Where the bytes are: a treemap, and the same as a table for those who want numbers. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Model } from '../api/types';
import { t } from '../i18n/en';
import { noFilters, toQuery } from '../lib/filters';
import { bytes, humanTask, splitName } from '../lib/format';
import { treemap } from '../lib/treemap';
import { Icon } from '../ui/icons';
import { Segments } from '../ui/parts';
import { useMedia } from '../ui/useWindow';

type By = 'owner' | 'task' | 'format';
const kBy: readonly By[] = ['owner', 'task', 'format'];
const kTiles = 8;
/** What is smaller joins the others: nobody can hit or read its tile. */
const kLeastShare = 0.015;
const kAspect = 640 / 268;

interface Group {
  key: string;
  label: string;
  value: number;
  href?: string;
}

export function StorageMap({ models }: { models: Model[] }): JSX.Element {
  const [by, setBy] = useState<By>('owner');
  const [table, setTable] = useState(false);
  const phone = useMedia('(max-width: 760px)');
  const groups = grouped(models, by);
  return (
    <section class="card" aria-labelledby="storage">
      <header>
        <h2 id="storage">{t(`overview.storage.title.${by}`)}</h2>
        {groups.length > 0 && (
          <Segments
            class="end"
            label={t('overview.storage.by')}
            value={by}
            options={kBy.map((one) => ({ value: one, label: t(`overview.storage.${one}`) }))}
            onChange={setBy}
          />
        )}
      </header>
      {groups.length === 0 && <p class="about muted">{t('overview.storage.empty')}</p>}
      {groups.length > 0 && table && <GroupTable groups={groups} by={by} />}
      {groups.length > 0 && !table && <Tiles groups={groups} aspect={phone ? 1 : kAspect} />}
      {groups.length > 0 && (
        <div class="map-foot sm muted">
          <span>{t('overview.storage.note')}</span>
          <button type="button" class="btn small ghost end" onClick={() => setTable(!table)}>
            <Icon name={table ? 'grid' : 'table'} small />
            {t(table ? 'overview.storage.asMap' : 'overview.storage.asTable')}
          </button>
        </div>
      )}
    </section>
  );
}

function grouped(models: readonly Model[], by: By): Group[] {
  const sizes = new Map<string, number>();
  for (const model of models) {
    const key = keyOf(model, by);
    sizes.set(key, (sizes.get(key) ?? 0) + model.size_bytes);
  }
  const groups = [...sizes]
    .filter(([, value]) => value > 0)
    .map(([key, value]) => ({ key, value, label: labelOf(key, by), href: hrefOf(key, by) }))
    .sort((a, b) => b.value - a.value);
  const total = groups.reduce((sum, group) => sum + group.value, 0);
  const large = groups.filter((group) => group.value / total >= kLeastShare).length;
  const shown =
    groups.length <= kTiles && large === groups.length ? large : Math.min(large, kTiles - 1);
  const rest = groups.slice(shown);
  if (rest.length < 2) return groups;
  const others: Group = {
    key: '\u0000others',
    label: t('overview.storage.others', { n: rest.length }),
    value: rest.reduce((sum, group) => sum + group.value, 0),
  };
  return [...groups.slice(0, shown), others];
}

function keyOf(model: Model, by: By): string {
  if (by === 'owner') return splitName(model.name).owner.replace(/\/$/, '');
  return (by === 'task' ? model.task : model.format) ?? '';
}

function labelOf(key: string, by: By): string {
  if (key === '') return t(by === 'owner' ? 'overview.storage.none' : 'overview.storage.unknown');
  return by === 'task' ? humanTask(key) : key;
}

function hrefOf(key: string, by: By): string | undefined {
  if (key === '') return undefined;
  const filters = { ...noFilters(), sort: 'largest' as const };
  if (by === 'owner') filters.search = `${key}/`;
  if (by === 'task') filters.tasks = [key];
  if (by === 'format') filters.formats = [key];
  return `/admin/models?${toQuery(filters)}`;
}

function Tiles({ groups, aspect }: { groups: Group[]; aspect: number }): JSX.Element {
  return (
    <ul class="tree">
      {treemap(groups, aspect).map(({ item, left, top, width, height }, at) => (
        <li
          key={item.key}
          class={`tile c${(at % 6) + 1}`}
          style={{ left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` }}
        >
          <a href={item.href} title={`${item.label}, ${bytes(item.value)}`}>
            <b>{item.label}</b>
            <span class="num">{bytes(item.value)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function GroupTable({ groups, by }: { groups: Group[]; by: By }): JSX.Element {
  const total = groups.reduce((sum, group) => sum + group.value, 0);
  return (
    <table>
      <thead>
        <tr>
          <th>{t(`overview.storage.${by}`)}</th>
          <th class="right">{t('column.size')}</th>
          <th class="right">{t('overview.storage.share')}</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={group.key}>
            <td class="wrap-anywhere">
              {group.href ? (
                <a class="link" href={group.href}>
                  {group.label}
                </a>
              ) : (
                group.label
              )}
            </td>
            <td class="right num nowrap">{bytes(group.value)}</td>
            <td class="right num">{Math.round((group.value / total) * 100)}%</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
