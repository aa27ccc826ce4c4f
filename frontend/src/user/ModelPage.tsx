/** One model: how to load it, its files with their hashes, its revisions, and where it came from. */

import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { ApiError, api } from '../api/client';
import type { Model, ModelDetail } from '../api/types';
import { t } from '../i18n/en';
import { splitName } from '../lib/format';
import { modelPath, query } from '../router';
import { downloadOf, downloads, loadFailure, modelChanges } from '../state/downloads';
import { modelNamed } from '../state/models';
import { resource } from '../state/resource';
import { health } from '../state/stats';
import { CopyButton } from '../ui/Copy';
import { Icon } from '../ui/icons';
import { Empty, ErrorBox, ModelName, Skeleton, useSlow } from '../ui/parts';
import { Arriving } from './Arriving';
import { explain, keptFrom } from './errors';
import { FileTable } from './FileTable';
import { DetailsCard, UsesCard } from './ModelFacts';
import { ModelState } from './ModelState';
import { PageTitle } from './PageTitle';
import { Revisions } from './Revisions';
import { UpdateButton } from './UpdateButton';
import { UseIt } from './UseIt';

const kFilesInOverview = 8;

/** The name is asked for, the id is the server's: it is never derived from the name. */
async function fetchModel(name: string): Promise<ModelDetail | 'missing'> {
  const id = modelNamed(name)?.id ?? (await api.models({ name })).models[0]?.id;
  if (id === undefined) return 'missing';
  try {
    return await api.model(id);
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 404) return 'missing';
    throw thrown;
  }
}

export function ModelPage({ name }: { name: string }): JSX.Element {
  const detail = useMemo(() => resource(() => fetchModel(name)), [name]);
  useEffect(() => {
    void detail.load();
  }, [detail, modelChanges.value]);
  useEffect(() => {
    if (health.data.value === null) void health.load();
  }, []);

  const got = detail.data.value;
  if (got === 'missing') return <NoSuchModel name={name} />;
  const model: Model | undefined = got ?? modelNamed(name);
  const error = detail.error.value;
  return (
    <div class="page model-page">
      <Head name={name} model={model} />
      <TabLinks name={name} model={got ?? undefined} />
      {error && (
        <div class="whole">
          <ErrorBox
            title={t('error.model')}
            detail={explain(error)}
            kept={keptFrom(detail.at.value)}
            onRetry={() => void detail.load()}
          />
        </div>
      )}
      {got && <Body model={got} onChange={() => void detail.load()} />}
      {!got && !error && <BodySkeleton />}
    </div>
  );
}

function Head({ name, model }: { name: string; model?: Model }): JSX.Element {
  const { owner } = splitName(name);
  const upstream = upstreamPage(model);
  return (
    <div class="model-head">
      <nav class="crumb" aria-label={t('model.crumb')}>
        <a class="link" href="/">
          {t('nav.models')}
        </a>
        <Icon name="right" small />
        <span class="truncate">{owner === '' ? name : owner.slice(0, -1)}</span>
      </nav>
      <div class="headline">
        <div class="grow">
          <div class="name-line">
            <PageTitle tab={name}>
              <ModelName name={name} />
            </PageTitle>
            <CopyButton text={() => name} label={t('model.copyName')} />
          </div>
          {model && <ModelState model={model} />}
        </div>
        {model?.update_available && shownTab() !== 'revisions' && <UpdateButton model={model} />}
        {upstream && (
          <a
            class="btn ghost upstream"
            href={upstream}
            target="_blank"
            rel="noopener noreferrer nofollow"
          >
            <Icon name="external" small />
            {t('model.upstream')}
          </a>
        )}
      </div>
    </div>
  );
}

/** Only an http address becomes a link, whatever the settings say. */
function upstreamPage(model: Model | undefined): string | null {
  const endpoint = health.data.value?.checks.upstream.endpoint;
  if (model === undefined || endpoint === undefined || !/^https?:\/\//i.test(endpoint)) return null;
  const name = model.canonical_name ?? model.name;
  return `${endpoint.replace(/\/+$/, '')}/${name.split('/').map(encodeURIComponent).join('/')}`;
}

const kTabs = ['overview', 'files', 'revisions'] as const;
type Tab = (typeof kTabs)[number];

const shownTab = (): Tab => kTabs.find((one) => one === query.value.get('tab')) ?? 'overview';

function TabLinks({ name, model }: { name: string; model?: ModelDetail }): JSX.Element {
  const path = modelPath(name);
  const counts: Partial<Record<Tab, number>> = {
    files: model?.files.length,
    revisions: model?.revisions.length,
  };
  return (
    <nav class="tabs" aria-label={t('model.tabs')}>
      {kTabs.map((tab) => (
        <a
          key={tab}
          href={tab === 'overview' ? path : `${path}?tab=${tab}`}
          aria-current={tab === shownTab() ? 'page' : undefined}
        >
          {t(`model.tab.${tab}`)} {counts[tab] ? <span class="dim num">{counts[tab]}</span> : null}
        </a>
      ))}
    </nav>
  );
}

function Body({ model, onChange }: { model: ModelDetail; onChange: () => void }): JSX.Element {
  const tab = shownTab();
  if (tab !== 'overview') {
    return (
      <div class="whole">
        {tab === 'files' ? (
          <FileTable model={model} />
        ) : (
          <Revisions model={model} onGone={onChange} />
        )}
      </div>
    );
  }
  const download = downloadOf(model.id) ?? model.download;
  return (
    <>
      <div class="column">
        {download && <Arriving download={download} />}
        {model.status === 'failed' ? <Failed model={model} /> : <UseIt model={model} />}
        {model.description !== '' && (
          <section class="card" aria-labelledby="about">
            <header>
              <h2 id="about">{t('model.about')}</h2>
            </header>
            <p class="about">{model.description}</p>
          </section>
        )}
        <FileTable model={model} atMost={kFilesInOverview} />
      </div>
      <div class="column">
        <UsesCard model={model} />
        <DetailsCard model={model} />
      </div>
    </>
  );
}

/** A model that never became ready has nothing to load; its cause is what one wants to know. */
function Failed({ model }: { model: ModelDetail }): JSX.Element {
  useEffect(() => {
    // Without it the page still says that it failed, and where to look.
    void loadFailure(model.id).catch(() => {});
  }, [model.id]);
  const cause = downloads.value.find((one) => one.model_id === model.id && one.status === 'failed');
  return (
    <div class="notice" role="status">
      <Icon name="warning" small />
      <p class="grow wrap-anywhere">
        <b class="strong">{t('model.failed')}</b> {cause?.error}
      </p>
      <a class="btn small" href="/admin/downloads?show=failed">
        {t('model.failed.queue')}
      </a>
    </div>
  );
}

function BodySkeleton(): JSX.Element | null {
  if (!useSlow(true)) return null;
  return (
    <>
      <div class="column card about" aria-busy="true">
        <span class="sr">{t('state.loading')}</span>
        {['60%', '80%', '45%', '70%'].map((width) => (
          <Skeleton key={width} width={width} />
        ))}
      </div>
      <div class="column card about" aria-hidden="true">
        {['50%', '75%', '60%'].map((width) => (
          <Skeleton key={width} width={width} />
        ))}
      </div>
    </>
  );
}

function NoSuchModel({ name }: { name: string }): JSX.Element {
  const title = t('model.notFound', { name });
  return (
    <div class="page">
      <PageTitle tab={title}>{title}</PageTitle>
      <Empty icon="models" title={t('model.notFound.text')}>
        <div class="row">
          <a class="btn" href="/">
            {t('lost.back')}
          </a>
          <a class="btn primary" href={`/admin/downloads?${new URLSearchParams({ add: name })}`}>
            <Icon name="download" small />
            {t('model.notFound.action')}
          </a>
        </div>
      </Empty>
    </div>
  );
}
