/** Small pieces that most screens share. They draw what they are given and know no state. */

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/en';
import { initials, splitName } from '../lib/format';
import { Icon, type IconName } from './icons';

export type Tone = 'accent' | 'ok' | 'warn' | 'bad' | 'info';

export function Chip(props: {
  tone?: Tone;
  icon?: IconName;
  title?: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <span class={`chip ${props.tone ?? ''}`} title={props.title}>
      {props.icon && <Icon name={props.icon} small />}
      <span class="truncate">{props.children}</span>
    </span>
  );
}

export function IconButton(props: {
  icon: IconName;
  label: string;
  onClick: () => void;
  disabled?: boolean;
  expanded?: boolean;
  pressed?: boolean;
  class?: string;
}): JSX.Element {
  return (
    <button
      type="button"
      class={`btn small icon ghost ${props.class ?? ''}`}
      aria-label={props.label}
      aria-expanded={props.expanded}
      aria-pressed={props.pressed}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} small />
    </button>
  );
}

/** A longer one may be cut where room is short. */
const kLongOwner = 12;

/** Owner light, name strong: the eye finds the name. */
export function ModelName({ name }: { name: string }): JSX.Element {
  const parts = splitName(name);
  return (
    <>
      {parts.owner !== '' && (
        <span class={parts.owner.length > kLongOwner ? 'org long' : 'org'}>{parts.owner}</span>
      )}
      <b class="name">{parts.name}</b>
    </>
  );
}

export function Avatar({ name, small }: { name: string; small?: boolean }): JSX.Element {
  return (
    <span class={small ? 'avatar small' : 'avatar'} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

export type BarTone = 'info' | 'ok' | 'warn' | 'bad' | 'idle' | 'series' | '';

/** A progress bar with a name. Its width is set through the DOM, which the content policy allows. */
export function Bar(props: {
  percent: number;
  label: string;
  tone?: BarTone;
  thin?: boolean;
}): JSX.Element {
  const shown = Math.min(100, Math.max(0, props.percent));
  return (
    <div
      class={props.thin ? 'bar thin live' : 'bar live'}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(shown)}
    >
      <i class={props.tone ?? ''} style={{ width: `${shown}%` }} />
    </div>
  );
}

/** A share that is no progress: drawn only, the figure beside it says it in words. */
export function ShareBar(props: { percent: number; tone?: BarTone; thin?: boolean }): JSX.Element {
  return (
    <div class={props.thin ? 'bar thin' : 'bar'} aria-hidden="true">
      <i
        class={props.tone ?? ''}
        style={{ width: `${Math.min(100, Math.max(0, props.percent))}%` }}
      />
    </div>
  );
}

export function Select<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  icon?: IconName;
  class?: string;
  disabled?: boolean;
}): JSX.Element {
  return (
    <span class={`select ${props.class ?? ''}`}>
      {props.icon && <Icon name={props.icon} small />}
      <select
        aria-label={props.label}
        value={props.value}
        disabled={props.disabled}
        onChange={(event) => {
          const chosen = props.options.find((one) => one.value === event.currentTarget.value);
          if (chosen) props.onChange(chosen.value);
        }}
      >
        {props.options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
      <Icon name="down" small />
    </span>
  );
}

/** Buttons of which one is pressed. */
export function Segments<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { value: T; label: string; icon?: IconName; count?: number }[];
  onChange: (value: T) => void;
  class?: string;
}): JSX.Element {
  return (
    <fieldset class={`seg ${props.class ?? ''}`} aria-label={props.label}>
      {props.options.map((one) => (
        <button
          type="button"
          key={one.value}
          aria-pressed={one.value === props.value}
          aria-label={one.icon ? one.label : undefined}
          title={one.icon ? one.label : undefined}
          onClick={() => props.onChange(one.value)}
        >
          {one.icon ? <Icon name={one.icon} /> : one.label}
          {one.count !== undefined && <span class="num dim">{one.count}</span>}
        </button>
      ))}
    </fieldset>
  );
}

export function Empty(props: {
  icon: IconName;
  title: string;
  text?: string;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      <b>{props.title}</b>
      {props.text && <p>{props.text}</p>}
      {props.children}
    </div>
  );
}

/** What failed, what to do next, and a way to try again. Old data stays where it is, outside this box. */
export function ErrorBox(props: {
  title: string;
  detail: string;
  kept?: string;
  onRetry?: () => void;
}): JSX.Element {
  return (
    <div class="notice" role="alert">
      <Icon name="warning" small />
      <div class="grow wrap-anywhere">
        <b class="strong">{props.title}</b> {props.detail} {props.kept}
      </div>
      {props.onRetry && (
        <button type="button" class="btn small" onClick={props.onRetry}>
          <Icon name="retry" small />
          {t('action.retry')}
        </button>
      )}
    </div>
  );
}

const kSkeletonAfterMs = 150;

/** True once loading has lasted long enough to be worth showing. */
export function useSlow(loading: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!loading) {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => setSlow(true), kSkeletonAfterMs);
    return () => clearTimeout(timer);
  }, [loading]);
  return slow && loading;
}

export function Skeleton({ width }: { width: string }): JSX.Element {
  return <span class="skeleton" style={{ width }} aria-hidden="true" />;
}
