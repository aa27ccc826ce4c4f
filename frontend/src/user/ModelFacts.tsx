/** The right side of a model's page: how it is used, and where it came from. */

import type { ComponentChildren, JSX } from 'preact';
import type { ModelDetail } from '../api/types';
import { t } from '../i18n/en';
import { ago, count, dateTime, shortCommit } from '../lib/format';
import { now } from '../state/session';
import { Avatar, Chip } from '../ui/parts';
import { FolderPath } from './FolderPath';

export function UsesCard({ model }: { model: ModelDetail }): JSX.Element {
  const { stats } = model;
  return (
    <section class="card" aria-labelledby="uses">
      <header>
        <h2 id="uses">{t('model.usesCard')}</h2>
        {stats.last_used_at && (
          <span class="sm muted end">
            {t('model.uses.last').toLowerCase()} {ago(stats.last_used_at, now.value)}
          </span>
        )}
      </header>
      <dl class="figures">
        <Figure label={t('model.uses.total')} value={stats.total_requests} />
        <Figure label={t('model.uses.people')} value={stats.unique_users} />
        <Figure label={t('model.uses.downloads')} value={stats.download_count} />
        <Figure label={t('model.uses.reads')} value={stats.access_count} />
      </dl>
    </section>
  );
}

function Figure({ label, value }: { label: string; value: number }): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{count(value)}</dd>
    </div>
  );
}

export function DetailsCard({ model }: { model: ModelDetail }): JSX.Element {
  const { stats } = model;
  const commit = shortCommit(model.commit);
  return (
    <section class="card" aria-labelledby="details">
      <header>
        <h2 id="details">{t('model.details')}</h2>
      </header>
      <dl class="facts">
        {stats.first_downloaded_by && (
          <Fact label={t('model.firstBy')}>
            <span class="person">
              <Avatar name={stats.first_downloaded_by} small />
              <span class="wrap-anywhere">
                {stats.first_downloaded_by}{' '}
                {stats.first_downloaded_from && (
                  <span class="mono dim">{stats.first_downloaded_from}</span>
                )}
              </span>
            </span>
          </Fact>
        )}
        {model.downloaded_at ? (
          <Fact label={t('model.stored')}>{dateTime(model.downloaded_at)}</Fact>
        ) : (
          <Fact label={t('model.asked')}>{dateTime(model.created_at)}</Fact>
        )}
        <Fact label={t('model.revision')}>
          <span class="mono wrap-anywhere" title={model.commit}>
            {commit === '' || model.revision.startsWith(commit)
              ? model.revision
              : `${model.revision} @ ${commit}`}
          </span>
        </Fact>
        {model.canonical_name && model.canonical_name !== model.name && (
          <Fact label={t('model.alsoKnown')}>
            <span class="wrap-anywhere">{model.canonical_name}</span>
          </Fact>
        )}
        {model.license && <Fact label={t('model.license')}>{model.license}</Fact>}
        {model.library && <Fact label={t('model.library')}>{model.library}</Fact>}
        {model.tags.length > 0 && (
          <Fact label={t('model.tags')}>
            <span class="chips tags">
              {model.tags.map((tag) => (
                <Chip key={tag}>{tag}</Chip>
              ))}
            </span>
          </Fact>
        )}
        <Fact label={t('model.id')}>
          <span class="mono wrap-anywhere">{model.id}</span>
        </Fact>
        <Fact label={t('model.path')}>
          <FolderPath path={model.path} />
        </Fact>
      </dl>
    </section>
  );
}

function Fact(props: { label: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
