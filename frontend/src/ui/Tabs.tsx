/** Tabs over one panel: arrow keys move, as the ARIA pattern says. */

import type { ComponentChildren, JSX } from 'preact';
import { useId, useRef } from 'preact/hooks';

interface TabsProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  /** Draws the row of tabs and the panel where the card wants them. */
  children: (list: JSX.Element, panel: (content: ComponentChildren) => JSX.Element) => JSX.Element;
}

export function Tabs<T extends string>(props: TabsProps<T>): JSX.Element {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);

  const move = (event: KeyboardEvent): void => {
    const at = props.options.findIndex((one) => one.value === props.value);
    const last = props.options.length - 1;
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const to = props.options[(next + props.options.length) % props.options.length];
    if (to === undefined) return;
    props.onChange(to.value);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(`${base}-${to.value}`)}`)?.focus();
  };

  const tabs = (
    <div class="seg end" role="tablist" aria-label={props.label} ref={list} onKeyDown={move}>
      {props.options.map((one) => (
        <button
          type="button"
          role="tab"
          key={one.value}
          id={`${base}-${one.value}`}
          aria-selected={one.value === props.value}
          aria-controls={`${base}-panel`}
          tabIndex={one.value === props.value ? 0 : -1}
          onClick={() => props.onChange(one.value)}
        >
          {one.label}
        </button>
      ))}
    </div>
  );
  const panel = (content: ComponentChildren): JSX.Element => (
    <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${props.value}`}>
      {content}
    </div>
  );
  return props.children(tabs, panel);
}
