/** The store's figures and its health, fetched by the views that show them. */

import { api } from '../api/client';
import { resource } from './resource';

export const stats = resource(api.stats);
export const health = resource(api.health);
