/** What is out of the ordinary about a model, beside its name in lists. */

import type { JSX } from 'preact';
import type { Model } from '../api/types';
import { t } from '../i18n/en';
import { Chip } from '../ui/parts';

export function ModelFlags({ model }: { model: Model }): JSX.Element {
  const stored = model.status === 'ready' || model.status === 'archived';
  return (
    <>
      {model.pinned && <Chip icon="pin">{t('model.pinned')}</Chip>}
      {model.status === 'archived' && <Chip icon="archive">{t('status.archived')}</Chip>}
      {stored && !model.complete && <Chip tone="warn">{t('model.partial')}</Chip>}
      {stored && (model.integrity === 'corrupt' || model.integrity === 'missing') && (
        <Chip tone="bad" icon="warning">
          {t(`integrity.${model.integrity}`)}
        </Chip>
      )}
    </>
  );
}
