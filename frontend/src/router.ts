/** Addresses of the pages, as data. Model names keep their slash in the address. */

import { computed, signal } from '@preact/signals';

export type AdminPage = 'overview' | 'downloads' | 'models';
export type Route =
  | { page: 'browse' }
  | { page: 'model'; name: string }
  | { page: 'admin'; section: AdminPage }
  | { page: 'lost' };

const kModelPrefix = '/models/';
const kAdminPaths: Record<string, AdminPage> = {
  '/admin': 'overview',
  '/admin/overview': 'overview',
  '/admin/downloads': 'downloads',
  '/admin/models': 'models',
};

export function match(path: string): Route {
  const plain = path.length > 1 ? path.replace(/\/+$/, '') || '/' : path;
  if (plain === '/' || plain === '/models') return { page: 'browse' };
  const section = Object.hasOwn(kAdminPaths, plain) ? kAdminPaths[plain] : undefined;
  if (section !== undefined) return { page: 'admin', section };
  if (plain.startsWith(kModelPrefix)) {
    const name = decodedName(plain.slice(kModelPrefix.length));
    if (name !== null && name !== '') return { page: 'model', name };
  }
  return { page: 'lost' };
}

function decodedName(rest: string): string | null {
  try {
    return rest
      .split('/')
      .map((part) => decodeURIComponent(part))
      .join('/');
  } catch {
    return null;
  }
}

export function modelPath(name: string): string {
  return kModelPrefix + name.split('/').map(encodeURIComponent).join('/');
}

interface Place {
  path: string;
  query: string;
}

const here = (): Place => ({ path: window.location.pathname, query: window.location.search });

const place = signal<Place>({ path: '/', query: '' });
export const route = computed(() => match(place.value.path));
export const query = computed(() => new URLSearchParams(place.value.query));
/** Counts arrivals at another page, so that the shell can move the focus to its heading. */
export const arrivals = signal(0);

export function navigate(to: string): void {
  const target = new URL(to, window.location.href);
  const moved = target.pathname !== window.location.pathname;
  window.history.pushState(null, '', target.pathname + target.search);
  place.value = here();
  if (moved) {
    window.scrollTo(0, 0);
    arrivals.value += 1;
  }
}

/** Changes the part after "?" in place: typing in a search field must not fill the history. */
export function replaceQuery(next: URLSearchParams): void {
  const text = next.toString();
  const to = window.location.pathname + (text === '' ? '' : `?${text}`);
  window.history.replaceState(null, '', to);
  place.value = here();
}

export function pushQuery(next: URLSearchParams): void {
  const text = next.toString();
  navigate(window.location.pathname + (text === '' ? '' : `?${text}`));
}

export function startRouter(): void {
  place.value = here();
  window.addEventListener('popstate', () => {
    const before = place.value.path;
    place.value = here();
    if (place.value.path !== before) arrivals.value += 1;
  });
  document.addEventListener('click', (event) => {
    const link = ownLink(event);
    if (link === null) return;
    event.preventDefault();
    navigate(link.href);
  });
}

/** The link of ours that a plain click hit; everything else stays with the browser. */
function ownLink(event: MouseEvent): HTMLAnchorElement | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target !== '' || link.download !== '')
    return null;
  const target = new URL(link.href);
  if (target.origin !== window.location.origin || target.pathname.startsWith('/api')) return null;
  if (target.hash !== '' && target.pathname === window.location.pathname) return null;
  return link;
}
