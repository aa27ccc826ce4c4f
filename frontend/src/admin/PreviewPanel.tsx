/** What a download would bring, before a byte moves: files by kind, what is there twice, quants to choose from. */

import type { JSX } from 'preact';
import type { Preview } from '../api/types';
import { t } from '../i18n/en';
import { bytes, shortCommit } from '../lib/format';
import { Icon } from '../ui/icons';
import { Chip } from '../ui/parts';

/** What is chosen of a preview; it becomes the patterns of the download. */
export interface Choice {
  leaveOut: boolean;
  quants: ReadonlySet<string>;
}
export const kNoChoice: Choice = { leaveOut: true, quants: new Set() };

export function chosenPatterns(
  preview: Preview | null,
  choice: Choice,
): { allow: string[]; ignore: string[] } {
  if (preview === null) return { allow: [], ignore: [] };
  return {
    allow: [...choice.quants],
    ignore: choice.leaveOut ? preview.suggested_ignore_patterns : [],
  };
}

interface PreviewPanelProps {
  preview: Preview;
  choice: Choice;
  onChange: (choice: Choice) => void;
}

export function PreviewPanel({ preview, choice, onChange }: PreviewPanelProps): JSX.Element {
  const twice = preview.groups.filter((group) => group.duplicate_of !== undefined);
  const spared = twice.reduce((sum, group) => sum + group.size_bytes, 0);
  return (
    <section class="preview" aria-label={t('preview.title')}>
      <Facts preview={preview} />
      <table class="preview-groups">
        <thead class="sr">
          <tr>
            <th>{t('preview.kind')}</th>
            <th>{t('preview.files')}</th>
            <th>{t('preview.size')}</th>
            <th>{t('preview.note')}</th>
          </tr>
        </thead>
        <tbody>
          {preview.groups.map((group) => (
            <tr
              key={`${group.kind} ${group.format ?? ''} ${group.duplicate_of ?? ''}`}
              class={group.duplicate_of !== undefined && choice.leaveOut ? 'dim' : undefined}
            >
              <td>
                {t(`preview.kind.${group.kind}`)}
                {group.format !== undefined && <span class="muted"> {group.format}</span>}
              </td>
              <td class="num right">{t('noun.files', { n: group.file_count })}</td>
              <td class="num right">{bytes(group.size_bytes)}</td>
              <td class="muted">{note(group)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {twice.length > 0 && (
        <label class="check sm">
          <input
            type="checkbox"
            checked={choice.leaveOut}
            onChange={(event) => onChange({ ...choice, leaveOut: event.currentTarget.checked })}
          />
          <span>
            {t('preview.leaveOut', { size: bytes(spared) })}{' '}
            <span class="mono muted wrap-anywhere">
              {preview.suggested_ignore_patterns.join(' ')}
            </span>
          </span>
        </label>
      )}
      {preview.quants.length > 0 && <Quants {...{ preview, choice, onChange }} />}
      <Verdict preview={preview} choice={choice} />
    </section>
  );
}

function note(group: Preview['groups'][number]): string {
  if (group.duplicate_of !== undefined) return t('preview.twice', { format: group.duplicate_of });
  if (group.stored_bytes === 0) return '';
  return group.stored_bytes === group.size_bytes
    ? t('preview.stored')
    : t('preview.storedPart', { size: bytes(group.stored_bytes) });
}

function Facts({ preview }: { preview: Preview }): JSX.Element {
  return (
    <div class="chips">
      <Chip title={preview.commit}>
        {preview.revision} @ {shortCommit(preview.commit)}
      </Chip>
      {preview.license !== undefined && <Chip>{preview.license}</Chip>}
      {preview.gated && (
        <Chip tone={preview.accessible ? undefined : 'bad'} icon="shield">
          {t(preview.accessible ? 'preview.gated' : 'preview.closed')}
        </Chip>
      )}
    </div>
  );
}

function Quants({ preview, choice, onChange }: PreviewPanelProps): JSX.Element {
  const toggle = (pattern: string, on: boolean): void => {
    const quants = new Set(choice.quants);
    if (on) quants.add(pattern);
    else quants.delete(pattern);
    onChange({ ...choice, quants });
  };
  return (
    <fieldset class="quants">
      <legend class="sm muted">{t('preview.quants')}</legend>
      {preview.quants.map((quant) => (
        <label key={quant.pattern} class="check sm">
          <input
            type="checkbox"
            checked={choice.quants.has(quant.pattern)}
            onChange={(event) => toggle(quant.pattern, event.currentTarget.checked)}
          />
          <span>
            {quant.name} <span class="muted num">{bytes(quant.size_bytes)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Verdict({ preview, choice }: { preview: Preview; choice: Choice }): JSX.Element {
  const fetched = bytesToFetch(preview, choice);
  const fits =
    fetched <= preview.disk.free_bytes - preview.disk.reserve_bytes - preview.disk.queue_bytes;
  const words = t(fits ? 'preview.fetch' : 'preview.tooLarge', {
    size: bytes(fetched),
    free: bytes(Math.max(0, preview.disk.free_bytes - preview.disk.queue_bytes - fetched)),
  });
  return (
    <p class={`sm ${fits ? 'muted' : 'row bad-text'}`}>
      {!fits && <Icon name="warning" small />}
      {words}
    </p>
  );
}

/** As the server would count it; with quants chosen, what of those is not here yet. */
export function bytesToFetch(preview: Preview, choice: Choice): number {
  if (choice.quants.size > 0) {
    return preview.quants
      .filter((quant) => choice.quants.has(quant.pattern))
      .reduce((sum, quant) => sum + quant.size_bytes - quant.stored_bytes, 0);
  }
  return choice.leaveOut ? preview.suggested.fetch_bytes : preview.selected.fetch_bytes;
}
