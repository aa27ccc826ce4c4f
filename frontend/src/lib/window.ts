/** Which rows of a long list of equal heights are drawn. Rows outside keep their place as empty space. */

export interface Window {
  first: number;
  end: number;
  before: number;
  after: number;
}

export interface Viewport {
  /** Where the viewport's top edge is, measured from the first row's top; negative above the list. */
  top: number;
  height: number;
}

export function visibleRows(
  total: number,
  rowHeight: number,
  viewport: Viewport,
  overscan = 10,
): Window {
  if (total === 0 || rowHeight <= 0) return { first: 0, end: 0, before: 0, after: 0 };
  const firstSeen = Math.floor(viewport.top / rowHeight);
  const lastSeen = Math.ceil((viewport.top + viewport.height) / rowHeight);
  const first = Math.min(Math.max(0, firstSeen - overscan), Math.max(0, total - 1));
  const end = Math.min(total, Math.max(first + 1, lastSeen + overscan));
  return { first, end, before: first * rowHeight, after: (total - end) * rowHeight };
}
