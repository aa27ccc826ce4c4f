/** The state of a model in chips, below its name. */

import type { JSX } from 'preact';
import type { Model, ModelDetail } from '../api/types';
import { t } from '../i18n/en';
import { ago, humanTask } from '../lib/format';
import { downloadOf } from '../state/downloads';
import { now } from '../state/session';
import { Chip } from '../ui/parts';

export function ModelState({ model }: { model: Model | ModelDetail }): JSX.Element {
  return (
    <div class="chips">
      <Status model={model} />
      {model.status === 'archived' && <Chip icon="archive">{t('status.archived')}</Chip>}
      {!model.complete && model.status !== 'downloading' && model.status !== 'failed' && (
        <Chip tone="warn">{t('model.partial')}</Chip>
      )}
      {model.update_available && (
        <Chip tone="info" icon="download" title={model.newer_commit}>
          {t('model.newer')}
        </Chip>
      )}
      {model.pinned && <Chip icon="pin">{t('model.pinned')}</Chip>}
      {model.task && <Chip>{humanTask(model.task)}</Chip>}
      {model.format && <Chip>{model.format}</Chip>}
      {model.license && <Chip>{model.license}</Chip>}
    </div>
  );
}

function Status({ model }: { model: Model | ModelDetail }): JSX.Element {
  if (model.status === 'failed') {
    return (
      <Chip tone="bad" icon="warning">
        {t('status.failed')}
      </Chip>
    );
  }
  if (model.status === 'downloading') {
    const phase = downloadOf(model.id)?.status ?? 'downloading';
    return (
      <Chip tone="info" icon="download">
        {t(`phase.${phase}`)}
      </Chip>
    );
  }
  if (model.integrity === 'corrupt' || model.integrity === 'missing') {
    return (
      <Chip tone="bad" icon="warning">
        {t(`integrity.${model.integrity}`)}
      </Chip>
    );
  }
  if (model.integrity === 'unverified') {
    return (
      <Chip tone="warn" icon="shield">
        {t('integrity.unverified')}
      </Chip>
    );
  }
  const checked = oldestCheck(model);
  return (
    <Chip tone="ok" icon="okCircle">
      {checked === null
        ? t('integrity.verified.plain')
        : t('integrity.verified', { when: ago(checked, now.value) })}
    </Chip>
  );
}

/** A model is as fresh as its file that was checked longest ago. */
function oldestCheck(model: Model | ModelDetail): string | null {
  if (!('files' in model) || model.files.length === 0) return null;
  let oldest: string | null = null;
  for (const file of model.files) {
    if (file.verified_at === undefined) return null;
    if (oldest === null || file.verified_at < oldest) oldest = file.verified_at;
  }
  return oldest;
}
