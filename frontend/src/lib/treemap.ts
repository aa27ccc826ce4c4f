/** Squarified treemap: rectangles in percent of a box, areas in proportion, sides as equal as they get. */

export interface Tile<T> {
  item: T;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** `aspect` is the box's width over its height, so that "square" means square on the screen. */
export function treemap<T extends { value: number }>(
  items: readonly T[],
  aspect: number,
): Tile<T>[] {
  const open = items.filter((item) => item.value > 0).sort((a, b) => b.value - a.value);
  const total = open.reduce((sum, item) => sum + item.value, 0);
  const tiles: Tile<T>[] = [];
  const box = { left: 0, top: 0, width: aspect, height: 1 };
  const scale = total === 0 ? 0 : aspect / total;
  let row: T[] = [];
  for (const item of open) {
    const side = Math.min(box.width, box.height);
    if (row.length > 0 && worst(row, side, scale) < worst([...row, item], side, scale)) {
      layRow(row, box, scale, tiles);
      row = [];
    }
    row.push(item);
  }
  if (row.length > 0) layRow(row, box, scale, tiles);
  return tiles.map((tile) => ({
    item: tile.item,
    left: (tile.left / aspect) * 100,
    top: tile.top * 100,
    width: (tile.width / aspect) * 100,
    height: tile.height * 100,
  }));
}

function worst(row: readonly { value: number }[], side: number, scale: number): number {
  const areas = row.map((item) => item.value * scale);
  const sum = areas.reduce((a, b) => a + b, 0);
  const thickness = sum / side;
  return Math.max(
    ...areas.map((area) =>
      Math.max((thickness * thickness) / area, area / (thickness * thickness)),
    ),
  );
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function layRow<T extends { value: number }>(
  row: readonly T[],
  box: Box,
  scale: number,
  tiles: Tile<T>[],
): void {
  const sum = row.reduce((total, item) => total + item.value * scale, 0);
  const upright = box.width >= box.height;
  const thickness = sum / (upright ? box.height : box.width);
  let along = upright ? box.top : box.left;
  for (const item of row) {
    const length = (item.value * scale) / thickness;
    tiles.push(
      upright
        ? { item, left: box.left, top: along, width: thickness, height: length }
        : { item, left: along, top: box.top, width: length, height: thickness },
    );
    along += length;
  }
  if (upright) {
    box.left += thickness;
    box.width -= thickness;
  } else {
    box.top += thickness;
    box.height -= thickness;
  }
}
