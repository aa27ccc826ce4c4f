/** What is out of the ordinary about a model, beside its name in lists. */

import type { JSX } from 'preact';
import type { Model } from '../api/types';
import { t } from '../i18n/en';
import { Chip } from '../ui/parts';

interface ModelFlagsProps {
  model: Model;
  onlyPin?: boolean;
  noPin?: boolean;
}

export function ModelFlags({ model, onlyPin, noPin }: ModelFlagsProps): JSX.Element {
  const stored = model.status === 'ready' || model.status === 'archived';
  return (
    <>
      {model.pinned && !noPin && <Chip icon="pin">{t('model.pinned')}</Chip>}
      {model.status === 'archived' && !onlyPin && !noPin && (
        <Chip icon="archive">{t('status.archived')}</Chip>
      )}
      {stored && model.update_available && !onlyPin && (
        <Chip tone="info" icon="download" title={model.newer_commit}>
          {t('model.newer')}
        </Chip>
      )}
      {stored && !model.complete && !onlyPin && <Chip tone="warn">{t('model.partial')}</Chip>}
      {stored && !onlyPin && (model.integrity === 'corrupt' || model.integrity === 'missing') && (
        <Chip tone="bad" icon="warning">
          {t(`integrity.${model.integrity}.short`)}
        </Chip>
      )}
    </>
  );
}
