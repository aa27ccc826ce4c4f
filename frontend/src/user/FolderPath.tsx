/** A folder on the server. A long one shows its end, where the name is, and is copied whole. */

import type { JSX } from 'preact';
import { t } from '../i18n/en';
import { CopyButton } from '../ui/Copy';

export function FolderPath({ path }: { path: string }): JSX.Element {
  return (
    <span class="path">
      <span class="mono" title={path}>
        {/* The marks keep slashes in place in a box that cuts at its start. */}
        {`\u2066${path}\u2069`}
      </span>
      <CopyButton text={() => path} label={t('model.copyPath')} />
    </span>
  );
}
