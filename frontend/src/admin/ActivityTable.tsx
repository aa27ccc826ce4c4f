/** What happened lately, newest first. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Activity } from '../api/types';
import { t } from '../i18n/en';
import { clockOrDay, dateTime } from '../lib/format';
import { modelPath } from '../router';
import { seenModels } from '../state/models';
import { now } from '../state/session';
import type { IconName } from '../ui/icons';
import { Chip, Segments, Skeleton, type Tone } from '../ui/parts';

const kShown = 12;

/** A list that someone looks through is on no model; those who want to see it ask for everything. */
const kScopes = ['models', 'all'] as const;

/** What pages ask for by themselves says nothing about people. */
const kOwnCalls = new Set([
  'list_downloads',
  'get_download',
  'get_settings',
  'health',
  'stats',
  'get_openapi',
]);

const kLooks: Record<string, { icon: IconName; tone?: Tone }> = {
  download: { icon: 'download', tone: 'info' },
  retry_download: { icon: 'retry', tone: 'info' },
  resume_download: { icon: 'play', tone: 'info' },
  pause_download: { icon: 'pause', tone: 'warn' },
  cancel_download: { icon: 'close', tone: 'warn' },
  get_model_file: { icon: 'file', tone: 'accent' },
  refresh_model: { icon: 'retry', tone: 'info' },
  delete_revision: { icon: 'trash', tone: 'bad' },
  preview_model: { icon: 'search' },
  update: { icon: 'pencil', tone: 'accent' },
  delete: { icon: 'trash', tone: 'bad' },
  list: { icon: 'list' },
};

export function ActivityTable({ activity }: { activity: Activity[] | null }): JSX.Element {
  const [all, setAll] = useState(false);
  const wanted = (activity ?? []).filter((one) => all || one.model_id !== undefined);
  const shown = grouped(wanted).slice(0, kShown);
  const names = new Map(seenModels.value.map((model) => [model.id, model.name]));
  return (
    <section class="card" aria-labelledby="activity">
      <header>
        <h2 id="activity">{t('overview.activity')}</h2>
        <Chip>{t('overview.activity.live')}</Chip>
        <Segments
          class="end"
          label={t('overview.activity.show')}
          value={all ? 'all' : 'models'}
          options={kScopes.map((one) => ({ value: one, label: t(`overview.activity.${one}`) }))}
          onChange={(scope) => setAll(scope === 'all')}
        />
      </header>
      {activity !== null && shown.length === 0 && (
        <p class="about muted">{t('overview.activity.none')}</p>
      )}
      {(activity === null || shown.length > 0) && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the focus
        <section class="scroll-x" tabIndex={0} aria-label={t('overview.activity')}>
          <table class="activity" role="table">
            <thead role="rowgroup">
              <tr role="row">
                <th role="columnheader">{t('overview.activity.time')}</th>
                <th role="columnheader">{t('overview.activity.action')}</th>
                <th role="columnheader">{t('overview.activity.model')}</th>
                <th role="columnheader">{t('overview.activity.user')}</th>
                <th role="columnheader">{t('overview.activity.address')}</th>
              </tr>
            </thead>
            <tbody role="rowgroup">
              {activity === null && <SkeletonRows />}
              {shown.map((group, at) => (
                <Row key={`${group.newest.timestamp}${at}`} group={group} names={names} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

interface Group {
  newest: Activity;
  times: number;
}

/** The same again and again, such as a script that lists each second, is one row with a count. */
function grouped(activity: readonly Activity[]): Group[] {
  const groups: Group[] = [];
  for (const one of activity) {
    if (kOwnCalls.has(one.action)) continue;
    const last = groups.at(-1);
    if (last !== undefined && sameDoing(last.newest, one)) last.times += 1;
    else groups.push({ newest: one, times: 1 });
  }
  return groups;
}

const sameDoing = (a: Activity, b: Activity): boolean =>
  a.action === b.action &&
  a.model_id === b.model_id &&
  a.username === b.username &&
  a.ip_address === b.ip_address;

function Row(props: { group: Group; names: ReadonlyMap<string, string> }): JSX.Element {
  const { names } = props;
  const { newest: activity, times } = props.group;
  const looks = Object.hasOwn(kLooks, activity.action) ? kLooks[activity.action] : undefined;
  const id = activity.model_id;
  const name = id === undefined ? undefined : names.get(id);
  return (
    <tr role="row">
      <td role="cell" class="when num muted nowrap" title={dateTime(activity.timestamp)}>
        {clockOrDay(activity.timestamp, now.value)}
      </td>
      <td role="cell">
        <Chip icon={looks?.icon ?? 'file'} tone={looks?.tone}>
          {activity.action.replaceAll('_', ' ')}
        </Chip>
        {times > 1 && (
          <span class="sm dim num times">{t('overview.activity.times', { n: times })}</span>
        )}
      </td>
      <td role="cell" class={id === undefined ? 'what none' : 'what'}>
        {name === undefined ? (
          <span class="truncate">{id ?? ''}</span>
        ) : (
          <a class="truncate" href={modelPath(name)} title={name}>
            {name}
          </a>
        )}
      </td>
      <td role="cell" class="who-cell truncate" title={activity.username}>
        {activity.username}
      </td>
      <td role="cell" class="address mono muted nowrap">
        {activity.ip_address}
      </td>
    </tr>
  );
}

function SkeletonRows(): JSX.Element {
  return (
    <>
      {['54%', '70%', '46%', '62%', '58%'].map((width) => (
        <tr role="row" key={width}>
          <td role="cell" colSpan={5}>
            <Skeleton width={width} />
          </td>
        </tr>
      ))}
    </>
  );
}
