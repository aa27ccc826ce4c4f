/** The frame of the user pages: top bar, content, and the bar at the bottom of a phone. */

import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { t } from '../i18n/en';
import { useKeys } from '../keyboard';
import { fromQuery, toQuery } from '../lib/filters';
import { navigate, query, replaceQuery, route } from '../router';
import { activeDownloads } from '../state/downloads';
import { Icon, Logo } from '../ui/icons';
import { ThemeButton, Who } from './Who';

export function Shell({ children }: { children: ComponentChildren }): JSX.Element {
  const page = route.value.page;
  const search = useRef<HTMLInputElement>(null);
  useKeys({
    '/': () => focusSearch(search.current),
  });
  return (
    <>
      <header class="top">
        <a class="brand" href="/">
          <Logo />
          <span>{t('product')}</span>
        </a>
        <SearchField inputRef={search} class="grow" />
        <nav class="nav" aria-label={t('nav.main')}>
          <a href="/" aria-current={page === 'browse' ? 'page' : undefined}>
            {t('nav.models')}
          </a>
          <a href="/admin">{t('nav.admin')}</a>
        </nav>
        <div class="row end">
          <a class="btn primary wide-only" href="/admin/downloads?add">
            <Icon name="plus" small />
            {t('nav.add')}
          </a>
          <ThemeButton />
          <Who id="who-menu" />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <nav class="tab-bar" aria-label={t('nav.sections')}>
        <a href="/" aria-current={page === 'browse' || page === 'model' ? 'page' : undefined}>
          <Icon name="models" />
          {t('nav.models')}
        </a>
        <a href="/admin/downloads">
          <Icon name="download" />
          {t('nav.downloads')}
          {activeDownloads.value.length > 0 && (
            <span class="count">{activeDownloads.value.length}</span>
          )}
        </a>
        <a href="/admin">
          <Icon name="overview" />
          {t('nav.admin')}
        </a>
        <a href="/admin/downloads?add">
          <Icon name="plus" />
          {t('nav.addShort')}
        </a>
      </nav>
    </>
  );
}

/** On a phone the field in the bar is hidden and the one in the page takes the key. */
function focusSearch(field: HTMLInputElement | null): void {
  const shown = field?.offsetParent
    ? field
    : document.querySelector<HTMLInputElement>('.page-search input');
  shown?.focus();
  shown?.select();
}

export function SearchField(props: {
  inputRef?: { current: HTMLInputElement | null };
  class?: string;
  placeholder?: string;
}): JSX.Element {
  const onBrowse = route.value.page === 'browse';
  const text = onBrowse ? (query.value.get('q') ?? '') : undefined;
  const change = (value: string): void => {
    if (onBrowse) replaceQuery(toQuery({ ...fromQuery(query.peek()), search: value }));
  };
  return (
    <search class={`field ${props.class ?? ''}`}>
      <Icon name="search" small />
      <input
        type="search"
        aria-label={t('search.label')}
        placeholder={props.placeholder ?? t('search.placeholder')}
        spellcheck={false}
        autocomplete="off"
        maxLength={200}
        ref={props.inputRef}
        value={text}
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || onBrowse) return;
          const search = event.currentTarget.value.trim();
          navigate(search === '' ? '/' : `/?${new URLSearchParams({ q: search })}`);
        }}
      />
      {text ? (
        <button
          type="button"
          class="btn small icon ghost"
          aria-label={t('search.clear')}
          onClick={() => change('')}
        >
          <Icon name="close" small />
        </button>
      ) : (
        <kbd class="wide-only">/</kbd>
      )}
    </search>
  );
}
