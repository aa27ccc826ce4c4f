/** The store's figures, its health and its settings, fetched by the views that show them. */

import { api } from '../api/client';
import type { Stats } from '../api/types';
import { resource } from './resource';

export const stats = resource(api.stats);
export const health = resource(api.health);
export const settings = resource(api.settings);

/** What models share on the disk: their sum without what is stored. Half-done models can turn it round. */
export function sharedBytes(seen: Stats): number {
  return Math.max(0, seen.total_size_bytes - seen.stored_bytes);
}
