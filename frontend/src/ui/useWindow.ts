/** Which rows of a long list are near the screen, kept current while the page scrolls. */

import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { type Window as Rows, visibleRows } from '../lib/window';

/** Lists shorter than this are drawn whole, so that the browser's own search finds every row. */
const kDrawnWhole = 100;

export function useWindow(
  list: RefObject<HTMLElement | null>,
  total: number,
  rowHeight: number,
): Rows {
  const whole: Rows = { first: 0, end: total, before: 0, after: 0 };
  const [rows, setRows] = useState<Rows>(() =>
    visibleRows(total, rowHeight, { top: 0, height: 900 }),
  );

  useLayoutEffect(() => {
    if (total <= kDrawnWhole) return;
    let frame = 0;
    const measure = (): void => {
      frame = 0;
      const top = -(list.current?.getBoundingClientRect().top ?? 0);
      const next = visibleRows(total, rowHeight, { top, height: window.innerHeight });
      setRows((old) =>
        old.first === next.first && old.end === next.end && old.after === next.after ? old : next,
      );
    };
    const soon = (): void => {
      if (frame === 0) frame = requestAnimationFrame(measure);
    };
    measure();
    window.addEventListener('scroll', soon, { passive: true });
    window.addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', soon);
      window.removeEventListener('resize', soon);
    };
  }, [list, total, rowHeight]);

  if (total <= kDrawnWhole) return whole;
  return { ...rows, end: Math.min(rows.end, total) };
}

/** True while the media query holds. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => window.matchMedia(query).matches);
  useLayoutEffect(() => {
    const media = window.matchMedia(query);
    const change = (): void => setHolds(media.matches);
    change();
    media.addEventListener('change', change);
    return () => media.removeEventListener('change', change);
  }, [query]);
  return holds;
}
