/** The frame of the admin's pages: sidebar, or bars above and below on a phone. */

import { type ComponentChildren, Fragment, type JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/en';
import { bytes, bytesOf } from '../lib/format';
import type { AdminPage } from '../router';
import { activeDownloads } from '../state/downloads';
import { needModels } from '../state/models';
import { health } from '../state/stats';
import { Icon, type IconName, Logo } from '../ui/icons';
import { ShareBar } from '../ui/parts';
import { useMedia } from '../ui/useWindow';
import { ThemeButton, Who } from '../user/Who';

const kSections: readonly { page: AdminPage; href: string; icon: IconName }[] = [
  { page: 'overview', href: '/admin', icon: 'overview' },
  { page: 'downloads', href: '/admin/downloads', icon: 'download' },
  { page: 'models', href: '/admin/models', icon: 'models' },
];

export function AdminShell(props: {
  section: AdminPage;
  children: ComponentChildren;
}): JSX.Element {
  useEffect(() => {
    if (health.data.value === null) void health.load();
    needModels();
  }, []);
  const phone = useMedia('(max-width: 760px)');
  // The page stays at one place in the tree: a turned phone must not lose what is typed.
  return (
    <div class="admin">
      {phone ? (
        <header class="top">
          <Brand />
          <div class="row end">
            <ThemeButton />
            <Who id="who-menu" />
          </div>
        </header>
      ) : (
        <div class="side">
          <Brand />
          <nav aria-label={t('nav.admin')}>
            <SideLinks section={props.section} />
          </nav>
          <DiskBox />
          <div class="row side-foot">
            <Who id="who-menu" withName />
            <span class="end">
              <ThemeButton />
            </span>
          </div>
        </div>
      )}
      <main key="page" id="content" tabIndex={-1} class="admin-main">
        {props.children}
      </main>
      {phone && <PhoneBar section={props.section} />}
    </div>
  );
}

function Brand(): JSX.Element {
  return (
    <a class="brand" href="/">
      <Logo />
      <span>{t('product')}</span>
      <span class="tag">{t('admin.tag')}</span>
    </a>
  );
}

function SideLinks({ section }: { section: AdminPage }): JSX.Element {
  const active = activeDownloads.value.length;
  return (
    <ul>
      {kSections.map((one) => (
        <li key={one.page}>
          <a href={one.href} aria-current={one.page === section ? 'page' : undefined}>
            <Icon name={one.icon} />
            <span class="grow">{t(`nav.${one.page}`)}</span>
            {one.page === 'downloads' && active > 0 && (
              <span class="count" title={t('downloads.count.active', { n: active })}>
                {active}
              </span>
            )}
          </a>
        </li>
      ))}
      <li class="apart">
        <a href="/">
          <Icon name="back" />
          <span class="grow">{t('nav.browse')}</span>
        </a>
      </li>
    </ul>
  );
}

function PhoneBar({ section }: { section: AdminPage }): JSX.Element {
  const active = activeDownloads.value.length;
  return (
    <nav class="tab-bar" aria-label={t('nav.sections')}>
      {kSections.map((one) => (
        <a key={one.page} href={one.href} aria-current={one.page === section ? 'page' : undefined}>
          <Icon name={one.icon} />
          {t(`nav.${one.page}`)}
          {one.page === 'downloads' && active > 0 && <span class="count">{active}</span>}
        </a>
      ))}
      <a href="/">
        <Icon name="search" />
        {t('nav.store')}
      </a>
    </nav>
  );
}

/** How full the mount is, where the service can tell. */
function DiskBox(): JSX.Element | null {
  const report = health.data.value;
  const { free_bytes: free, total_bytes: total } = report?.checks.disk ?? {};
  if (report === null || free === undefined || total === undefined || total <= 0) return null;
  const used = bytesOf(total - free, total);
  const full = ((total - free) / total) * 100;
  return (
    <div class="disk num">
      <div class="row">
        <b class="strong">{t('disk.title')}</b>
        <span class="end muted">{t('disk.free', { size: bytes(free) })}</span>
      </div>
      <ShareBar percent={full} tone={full > 95 ? 'bad' : full > 85 ? 'warn' : ''} />
      <span class="muted wrap-anywhere">
        {t('disk.used', { used: used.done, total: used.total })} <Path path={report.mount_point} />
      </span>
    </div>
  );
}

/** Breaks after a slash where it must break. */
function Path({ path }: { path: string }): JSX.Element {
  return (
    <span class="where">
      {path.split(/(?<=\/)/).map((part, at) => (
        <Fragment key={at}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </span>
  );
}
