/** Size on disk: a histogram of what is stored over a slider with two handles. */

import type { JSX } from 'preact';
import { t } from '../i18n/en';
import { type Filters, sizeHistogram, sizeSteps } from '../lib/filters';
import { bytes } from '../lib/format';
import { holdsAll, seenModels } from '../state/models';

interface SizeRangeProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

export function SizeRange({ filters, onChange }: SizeRangeProps): JSX.Element | null {
  const steps = sizeSteps(seenModels.value);
  const last = steps.length - 1;
  if (last < 2) return null;
  const columns = sizeHistogram(seenModels.value, filters, steps);
  const highest = Math.max(1, ...columns.map((column) => column.count));
  const low = filters.minSize === null ? 0 : nearest(steps, filters.minSize);
  const high = filters.maxSize === null ? last : nearest(steps, filters.maxSize);

  // A handle at its end means "no limit"; the two never cross.
  const setLow = (at: number): void => {
    const step = Math.min(at, high - 1);
    onChange({ ...filters, minSize: step <= 0 ? null : (steps[step] ?? null) });
  };
  const setHigh = (at: number): void => {
    const step = Math.max(at, low + 1);
    onChange({ ...filters, maxSize: step >= last ? null : (steps[step] ?? null) });
  };

  return (
    <fieldset>
      <legend>{t('filters.size')}</legend>
      <div class="histogram" aria-hidden="true">
        {(holdsAll.value ? columns : []).map((column, at) => (
          <i
            key={column.to}
            class={at >= low && at < high ? 'on' : undefined}
            style={{
              height: `${column.count === 0 ? 0 : Math.max(6, (column.count / highest) * 100)}%`,
            }}
          />
        ))}
      </div>
      <div class="range">
        <i
          style={{
            insetInlineStart: `${(low / last) * 100}%`,
            insetInlineEnd: `${100 - (high / last) * 100}%`,
          }}
        />
        <input
          type="range"
          min={0}
          max={last}
          value={low}
          aria-label={t('filters.size.min')}
          aria-valuetext={lowWords(filters)}
          onInput={(event) => {
            setLow(event.currentTarget.valueAsNumber);
            event.currentTarget.valueAsNumber = Math.min(
              event.currentTarget.valueAsNumber,
              high - 1,
            );
          }}
        />
        <input
          type="range"
          min={0}
          max={last}
          value={high}
          aria-label={t('filters.size.max')}
          aria-valuetext={highWords(filters)}
          onInput={(event) => {
            setHigh(event.currentTarget.valueAsNumber);
            event.currentTarget.valueAsNumber = Math.max(
              event.currentTarget.valueAsNumber,
              low + 1,
            );
          }}
        />
      </div>
      <div class="row xs muted num">
        <span>{lowWords(filters)}</span>
        <span class="end">{highWords(filters)}</span>
      </div>
    </fieldset>
  );
}

const lowWords = (filters: Filters): string =>
  filters.minSize === null
    ? t('filters.size.any')
    : t('filters.size.from', { size: bytes(filters.minSize) });

const highWords = (filters: Filters): string =>
  filters.maxSize === null
    ? t('filters.size.any')
    : t('filters.size.upTo', { size: bytes(filters.maxSize) });

function nearest(steps: readonly number[], size: number): number {
  let best = 0;
  steps.forEach((step, at) => {
    const old = steps[best] ?? 0;
    if (Math.abs(Math.log(step / size)) < Math.abs(Math.log(old / size))) best = at;
  });
  return best;
}
