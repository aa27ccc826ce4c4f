/** The revisions of a model that are held, what is newer upstream, and a way to take old ones off the disk. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../api/client';
import type { ModelDetail, Revision } from '../api/types';
import { t } from '../i18n/en';
import { ago, bytes, count, dateTime, shortCommit } from '../lib/format';
import { downloadOf } from '../state/downloads';
import { asApiError } from '../state/resource';
import { now, offline } from '../state/session';
import { CopyButton } from '../ui/Copy';
import { Dialog } from '../ui/Dialog';
import { Chip, IconButton } from '../ui/parts';
import { toast } from '../ui/toasts';
import { explain } from './errors';
import { FolderPath } from './FolderPath';
import { RowProgress } from './RowProgress';
import { UpdateButton } from './UpdateButton';

interface RevisionsProps {
  model: ModelDetail;
  /** Told when one is gone, so that the list is fetched again. */
  onGone: () => void;
}

export function Revisions({ model, onGone }: RevisionsProps): JSX.Element {
  const [leaving, setLeaving] = useState<Revision | null>(null);
  const held = model.revisions;
  return (
    <section class="card" aria-labelledby="revisions">
      <header>
        <h2 id="revisions">{t('model.revisions')}</h2>
        <span class="sm muted num">{t('model.revisions.held', { n: held.length })}</span>
      </header>
      <Newer model={model} />
      {held.length === 0 ? (
        <p class="about muted">{t('model.revisions.none')}</p>
      ) : (
        <table class="file-table revision-table">
          <thead>
            <tr>
              <th>{t('model.revision')}</th>
              <th class="h">{t('model.stored')}</th>
              <th class="right h">{t('model.files')}</th>
              <th class="right">{t('model.file.size')}</th>
              <th>
                <span class="sr">{t('column.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {held.map((one) => (
              <Row key={one.path} revision={one} onLeave={() => setLeaving(one)} />
            ))}
          </tbody>
        </table>
      )}
      {held.length > 1 && <p class="card-foot muted">{t('model.revisions.shared')}</p>}
      {leaving?.commit !== undefined && (
        <AskRemove
          model={model}
          commit={leaving.commit}
          onClose={(gone) => {
            setLeaving(null);
            if (gone) onGone();
          }}
        />
      )}
    </section>
  );
}

/** What upstream has by now under the branch that was asked for, or its way here. */
function Newer({ model }: { model: ModelDetail }): JSX.Element | null {
  const download = downloadOf(model.id);
  if (download !== undefined) {
    return (
      <div class="newer">
        <div class="grow">
          <p class="row">
            <span class="mono">{shortCommit(download.commit) || download.revision}</span>
            <span class="muted">{t('model.revisions.coming')}</span>
          </p>
          <RowProgress download={download} />
        </div>
      </div>
    );
  }
  if (!model.update_available) return null;
  return (
    <div class="newer">
      <div class="grow">
        <p class="row">
          <span class="mono" title={model.newer_commit}>
            {shortCommit(model.newer_commit)}
          </span>
          <Chip tone="info" icon="download">
            {t('model.newer')}
          </Chip>
        </p>
        <p class="sm muted">
          {model.newer_seen_at !== undefined &&
            t('model.revisions.seen', { when: ago(model.newer_seen_at, now.value) })}{' '}
          {t('model.revisions.update')}
        </p>
      </div>
      <UpdateButton model={model} />
    </div>
  );
}

function Row({ revision, onLeave }: { revision: Revision; onLeave: () => void }): JSX.Element {
  const { commit, downloaded_at: storedAt } = revision;
  const short = shortCommit(commit);
  const files = t('noun.files', { n: revision.file_count });
  return (
    <tr>
      <td>
        <div class="chips">
          {commit === undefined ? (
            <span class="muted">{t('model.revisions.unknown')}</span>
          ) : (
            <span class="hash">
              <span class="mono commit" title={commit}>
                {short}
              </span>
              <CopyButton
                text={() => commit}
                label={t('model.revisions.copy', { commit: short })}
              />
            </span>
          )}
          {revision.current && (
            <Chip tone="ok" icon="okCircle">
              {t('model.revisions.current')}
            </Chip>
          )}
          {revision.refs.map((ref) => (
            <Chip key={ref}>{ref}</Chip>
          ))}
          {!revision.complete && <Chip tone="warn">{t('model.partial')}</Chip>}
        </div>
        <FolderPath path={revision.path} />
        <span class="sm muted narrow-facts num">
          {ago(storedAt, now.value)} · {files}
        </span>
      </td>
      <td class="h nowrap muted num" title={dateTime(storedAt)}>
        {ago(storedAt, now.value)}
      </td>
      <td class="right h num">{count(revision.file_count)}</td>
      <td class="right num nowrap">{bytes(revision.size_bytes)}</td>
      <td class="right">
        {!revision.current && commit !== undefined && (
          <IconButton
            icon="trash"
            label={t('model.revisions.remove', { commit: short })}
            disabled={offline.value}
            onClick={onLeave}
          />
        )}
      </td>
    </tr>
  );
}

function AskRemove(props: {
  model: ModelDetail;
  commit: string;
  onClose: (gone: boolean) => void;
}): JSX.Element {
  const { model, commit, onClose } = props;
  const [busy, setBusy] = useState(false);
  const words = { commit: shortCommit(commit), name: model.name };
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await api.deleteRevision(model.id, commit);
      toast(t('model.revisions.removed', words));
      onClose(true);
    } catch (thrown) {
      toast(explain(asApiError(thrown)));
      onClose(false);
    }
  };
  return (
    <Dialog
      title={t('model.revisions.ask', words)}
      onClose={() => {
        if (!busy) onClose(false);
      }}
    >
      <p class="muted">{t('model.revisions.askText')}</p>
      <div class="actions">
        <button type="button" class="btn" disabled={busy} onClick={() => onClose(false)}>
          {t('action.cancel')}
        </button>
        <button type="button" class="btn danger" disabled={busy || offline.value} onClick={remove}>
          {t('model.revisions.yes')}
        </button>
      </div>
    </Dialog>
  );
}
