/** The store in five numbers. The list never waits for them. */

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/en';
import { bytes, count } from '../lib/format';
import { modelChanges } from '../state/downloads';
import { sharedBytes, stats } from '../state/stats';
import { Skeleton } from '../ui/parts';

export function Strip(): JSX.Element {
  useEffect(() => {
    void stats.load();
  }, [modelChanges.value]);
  const seen = stats.data.value;
  const figures: [string, string | undefined, boolean][] = [
    [t('strip.models'), seen && count(seen.total_models), false],
    [t('strip.disk'), seen && bytes(seen.stored_bytes), false],
    [t('strip.saved'), seen && bytes(sharedBytes(seen)), true],
    [t('strip.requests'), seen && count(seen.total_requests), true],
    [t('strip.people'), seen && count(seen.unique_users), false],
  ].map(([label, value, wide]) => [
    label as string,
    (value as string) ?? undefined,
    wide as boolean,
  ]);
  return (
    <dl class="strip" aria-label={t('strip.label')}>
      {figures.map(([label, value, wide]) => (
        <div key={label} class={wide ? 'wide' : undefined}>
          <dt>{label}</dt>
          <dd>{value ?? <Skeleton width="3.5ch" />}</dd>
        </div>
      ))}
    </dl>
  );
}
