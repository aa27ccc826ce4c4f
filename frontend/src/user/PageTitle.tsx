/** The one `h1` of a page. It takes the focus on arrival from another page and names the tab. */

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/en';
import { arrivals } from '../router';

let handled = 0;

export function PageTitle(props: { tab: string; children: ComponentChildren }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const arrival = arrivals.value;
  useEffect(() => {
    if (arrival === handled) return;
    handled = arrival;
    heading.current?.focus({ preventScroll: true });
  }, [arrival]);
  useEffect(() => {
    document.title = props.tab === t('product') ? props.tab : `${props.tab} · ${t('product')}`;
  }, [props.tab]);
  return (
    <h1 tabIndex={-1} ref={heading}>
      {props.children}
    </h1>
  );
}
