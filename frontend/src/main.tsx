/** Mounts the pages: the user's at once, the admin's when they are asked for. */

import { signal } from '@preact/signals';
import { type FunctionComponent, type JSX, render } from 'preact';
import { connect } from './api/client';
import { t } from './i18n/en';
import { startKeyboard, useKeys } from './keyboard';
import { navigate, route, startRouter } from './router';
import { startDownloads } from './state/downloads';
import { keepPrefs, username } from './state/prefs';
import { offline, startSession } from './state/session';
import { Empty } from './ui/parts';
import { Toasts } from './ui/toasts';
import { Browse } from './user/Browse';
import { helpOpen, KeyHelp } from './user/KeyHelp';
import { ModelPage } from './user/ModelPage';
import { OfflineBar } from './user/OfflineBar';
import { PageTitle } from './user/PageTitle';
import { Shell } from './user/Shell';

const admin = signal<FunctionComponent | null>(null);

async function loadAdmin(): Promise<void> {
  const { Admin } = await import('./admin');
  admin.value = Admin;
}

function Page(): JSX.Element | null {
  const at = route.value;
  if (at.page === 'admin') {
    const Admin = admin.value;
    if (Admin === null) {
      void loadAdmin();
      return <main id="content" tabIndex={-1} aria-busy="true" />;
    }
    return <Admin />;
  }
  return (
    <Shell>
      {at.page === 'browse' && <Browse />}
      {at.page === 'model' && <ModelPage key={at.name} name={at.name} />}
      {at.page === 'lost' && <Lost />}
    </Shell>
  );
}

function Lost(): JSX.Element {
  return (
    <div class="page">
      <PageTitle tab={t('lost.title')}>{t('lost.title')}</PageTitle>
      <Empty icon="search" title={t('lost.text')}>
        <a class="btn" href="/">
          <span>{t('lost.back')}</span>
        </a>
      </Empty>
    </div>
  );
}

function App(): JSX.Element {
  useKeys({
    '?': () => {
      helpOpen.value = true;
    },
    n: () => navigate('/admin/downloads?add'),
    'g m': () => navigate('/'),
    'g d': () => navigate('/admin/downloads'),
    'g o': () => navigate('/admin'),
  });
  return (
    <>
      <a class="sr skip" href="#content">
        {t('skip.content')}
      </a>
      <OfflineBar />
      <Page />
      <KeyHelp />
      <Toasts />
    </>
  );
}

connect({
  username: () => username.value,
  reached: (ok) => {
    offline.value = !ok;
  },
});
keepPrefs();
startSession();
startRouter();
startKeyboard();
startDownloads();

const place = document.getElementById('app');
if (place !== null) render(<App />, place);
