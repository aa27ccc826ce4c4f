/** The store's figures, its health and its settings, fetched by the views that show them. */

import { api } from '../api/client';
import { resource } from './resource';

export const stats = resource(api.stats);
export const health = resource(api.health);
export const settings = resource(api.settings);
