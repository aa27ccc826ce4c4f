/** Facets with counts, and the size range with its histogram. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n/en';
import { type FacetValue, type Filters, facet, noFilters } from '../lib/filters';
import { humanTask } from '../lib/format';
import { facetsKnown, holdsAll, seenModels } from '../state/models';
import { SizeRange } from './SizeRange';

const kShownValues = 6;
type Key = 'tasks' | 'formats' | 'licenses' | 'statuses';

interface FilterPanelProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

export function FilterPanel({ filters, onChange }: FilterPanelProps): JSX.Element | null {
  if (!facetsKnown.value) return null;
  // Counts mean the whole store; of a large one the values seen so far are offered, without counts.
  const group = (key: Key, title: string, label: (value: string) => string): JSX.Element => (
    <FacetGroup
      title={title}
      values={facet(
        seenModels.value,
        holdsAll.value ? filters : { ...noFilters(), [key]: filters[key] },
        key,
      )}
      chosen={filters[key]}
      label={label}
      onToggle={(value, on) => onChange({ ...filters, [key]: toggled(filters[key], value, on) })}
    />
  );
  return (
    <>
      {group('tasks', t('filters.task'), humanTask)}
      {group('formats', t('filters.format'), (value) => value)}
      {group('licenses', t('filters.license'), (value) => value)}
      {group('statuses', t('filters.status'), statusWord)}
      <SizeRange filters={filters} onChange={onChange} />
    </>
  );
}

/** A large store filters on the server, which takes one value of each kind. */
function toggled(chosen: readonly string[], value: string, on: boolean): string[] {
  const others = holdsAll.value ? chosen.filter((one) => one !== value) : [];
  return on ? [...others, value] : others;
}

function statusWord(value: string): string {
  if (value === 'ready' || value === 'downloading' || value === 'failed' || value === 'archived') {
    return t(`status.${value}`);
  }
  return value;
}

function FacetGroup(props: {
  title: string;
  values: FacetValue[];
  chosen: readonly string[];
  label: (value: string) => string;
  onToggle: (value: string, on: boolean) => void;
}): JSX.Element | null {
  const [all, setAll] = useState(false);
  if (props.values.length === 0) return null;
  const shown = props.values.filter(
    (one, at) => all || at < kShownValues || props.chosen.includes(one.value),
  );
  return (
    <fieldset>
      <legend>{props.title}</legend>
      <ul>
        {shown.map((one) => (
          <li key={one.value}>
            <label class="facet">
              <input
                type="checkbox"
                checked={props.chosen.includes(one.value)}
                onChange={(event) => props.onToggle(one.value, event.currentTarget.checked)}
              />
              <span class="grow truncate">{props.label(one.value)}</span>
              {holdsAll.value && <span class="num xs dim">{one.count}</span>}
            </label>
          </li>
        ))}
      </ul>
      {props.values.length > kShownValues && (
        <button type="button" class="link sm" onClick={() => setAll(!all)}>
          {all ? t('filters.fewer') : t('filters.more', { n: props.values.length })}
        </button>
      )}
    </fieldset>
  );
}
