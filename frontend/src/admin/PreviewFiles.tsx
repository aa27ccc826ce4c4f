/** The files that a download would bring, by kind, to tick or to leave out. */

import { Fragment, type JSX } from 'preact';
import type { Preview } from '../api/types';
import { t } from '../i18n/en';
import { type Choice, hasQuants, withGroup, withQuant } from '../lib/choice';
import { bytes } from '../lib/format';

interface PreviewFilesProps {
  preview: Preview;
  choice: Choice;
  onChange: (choice: Choice) => void;
}

export function PreviewFiles({ preview, choice, onChange }: PreviewFilesProps): JSX.Element {
  return (
    <table class="preview-files" aria-label={t('preview.title')}>
      <thead>
        <tr>
          <th>
            <span class="sr">{t('preview.take')}</span>
          </th>
          <th>{t('preview.files')}</th>
          <th class="right">
            <span class="sr">{t('preview.count')}</span>
          </th>
          <th class="right">{t('preview.size')}</th>
          <th class="why">{t('preview.note')}</th>
        </tr>
      </thead>
      <tbody>
        {preview.groups.map((group, at) => {
          const taken = choice.groups.has(at);
          const name = groupName(group);
          return (
            <Fragment key={name}>
              <tr class={taken ? undefined : 'left-out'}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={name}
                    checked={taken}
                    indeterminate={
                      taken && hasQuants(preview, at) && choice.quants.size < preview.quants.length
                    }
                    onChange={(event) =>
                      onChange(withGroup(preview, choice, at, event.currentTarget.checked))
                    }
                  />
                </td>
                <td>
                  {t(`preview.kind.${group.kind}`)}{' '}
                  {group.format !== undefined && <span class="mono muted">{group.format}</span>}
                </td>
                <td class="right num muted nowrap">{t('noun.files', { n: group.file_count })}</td>
                <td class="right num nowrap">{bytes(group.size_bytes)}</td>
                <td class="why muted">{why(group)}</td>
              </tr>
              {hasQuants(preview, at) &&
                preview.quants.map((quant) => (
                  <tr
                    key={quant.pattern}
                    class={choice.quants.has(quant.pattern) ? 'quant' : 'quant left-out'}
                  >
                    <td />
                    <td>
                      <label class="row">
                        <input
                          type="checkbox"
                          checked={choice.quants.has(quant.pattern)}
                          onChange={(event) =>
                            onChange(withQuant(choice, at, quant, event.currentTarget.checked))
                          }
                        />
                        <span class="mono">{quant.name}</span>
                      </label>
                    </td>
                    <td class="right num muted nowrap">
                      {t('noun.files', { n: quant.file_count })}
                    </td>
                    <td class="right num nowrap">{bytes(quant.size_bytes)}</td>
                    <td class="why muted">{stored(quant)}</td>
                  </tr>
                ))}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

type Group = Preview['groups'][number];

function groupName(group: Group): string {
  const kind = t(`preview.kind.${group.kind}`);
  return group.format === undefined ? kind : `${kind} ${group.format}`;
}

function why(group: Group): string {
  if (group.duplicate_of !== undefined) return t('preview.twice', { format: group.duplicate_of });
  return stored(group) || t(`preview.why.${group.kind}`);
}

function stored(one: { stored_bytes: number; size_bytes: number }): string {
  if (one.stored_bytes === 0) return '';
  return one.stored_bytes === one.size_bytes
    ? t('preview.stored')
    : t('preview.storedPart', { size: bytes(one.stored_bytes) });
}
