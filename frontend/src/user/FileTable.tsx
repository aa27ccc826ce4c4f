/** The files of a model: size, hash, when it was checked, and a way to fetch each. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fileLink } from '../api/client';
import type { ModelDetail, ModelFile } from '../api/types';
import { t } from '../i18n/en';
import { ago, bytes, shortHash } from '../lib/format';
import { sha256sums } from '../lib/snippets';
import { modelPath } from '../router';
import { username } from '../state/prefs';
import { now } from '../state/session';
import { CopyButton } from '../ui/Copy';
import { Icon } from '../ui/icons';

/** A filter appears when the list is long enough to look for something in it. */
const kFilterFrom = 20;
const kDrawn = 400;

interface FileTableProps {
  model: ModelDetail;
  /** Shows the first ones only, with a link to all. */
  atMost?: number;
}

export function FileTable({ model, atMost }: FileTableProps): JSX.Element {
  const [typed, setTyped] = useState('');
  const { files } = model;
  const wanted = typed.trim().toLowerCase();
  const matching =
    wanted === '' ? files : files.filter((file) => file.path.toLowerCase().includes(wanted));
  const drawn = matching.slice(0, atMost ?? kDrawn);
  const size = files.reduce((sum, file) => sum + file.size_bytes, 0);
  const hashed = files.filter((file) => file.sha256 !== undefined).length;
  return (
    <section class="card" aria-labelledby="files">
      <header>
        <h2 id="files">{t('model.files')}</h2>
        {files.length > 0 && (
          <span class="sm muted num">
            {t('model.files.summary', {
              files: t('noun.files', { n: files.length }),
              size: bytes(size),
            })}
          </span>
        )}
        {atMost === undefined && files.length >= kFilterFrom && (
          <span class="field file-filter end">
            <Icon name="search" small />
            <input
              type="search"
              aria-label={t('model.files.filter')}
              placeholder={t('model.files.filter')}
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </span>
        )}
        {hashed > 0 && (
          <CopyButton
            class={atMost === undefined && files.length >= kFilterFrom ? '' : 'end'}
            text={() => sha256sums(files)}
            label={t('model.files.sums')}
            told={t('model.files.sums.copied', { n: hashed })}
          >
            {t('model.files.sums')}
          </CopyButton>
        )}
      </header>
      {drawn.length === 0 ? (
        <p class="about muted">
          {files.length === 0 ? t('model.files.none') : t('model.files.noMatch', { text: typed })}
        </p>
      ) : (
        <table class="file-table">
          <thead>
            <tr>
              <th>{t('model.file.name')}</th>
              <th class="right">{t('model.file.size')}</th>
              <th class="h">{t('model.file.hash')}</th>
              <th class="h">{t('model.file.verified')}</th>
              <th>
                <span class="sr">{t('model.file.downloadColumn')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {drawn.map((file) => (
              <FileRow key={file.path} model={model} file={file} />
            ))}
          </tbody>
        </table>
      )}
      {atMost !== undefined && files.length > atMost && (
        <p class="card-foot">
          <a class="link" href={`${modelPath(model.name)}?tab=files`}>
            {t('model.files.all', { n: files.length })}
          </a>
        </p>
      )}
      {atMost === undefined && matching.length > drawn.length && (
        <p class="card-foot muted num">
          {t('list.shown', { n: drawn.length, total: matching.length })}
        </p>
      )}
    </section>
  );
}

function FileRow({ model, file }: { model: ModelDetail; file: ModelFile }): JSX.Element {
  const { sha256 } = file;
  return (
    <tr>
      <td class="mono wrap-anywhere">{file.path}</td>
      <td class="right num nowrap">{bytes(file.size_bytes)}</td>
      <td class="h">
        {sha256 !== undefined && (
          <span class="hash">
            <span class="mono dim nowrap" title={sha256}>
              sha256 {shortHash(sha256)}
            </span>
            <CopyButton text={() => sha256} label={t('model.file.copyHash', { path: file.path })} />
          </span>
        )}
      </td>
      <td class="h nowrap">
        {file.verified_at === undefined ? (
          <span class="sm dim">{t('model.file.unchecked')}</span>
        ) : (
          <span class="row sm ok-text" title={ago(file.verified_at, now.value)}>
            <Icon name="shield" small />
            {t('model.file.ok')}
          </span>
        )}
      </td>
      <td class="right">
        <a
          class="btn small icon ghost"
          href={fileLink(model.id, file.path, username.value)}
          download={file.path.slice(file.path.lastIndexOf('/') + 1)}
          aria-label={t('model.file.download', { path: file.path })}
          title={t('model.file.download', { path: file.path })}
        >
          <Icon name="download" small />
        </a>
      </td>
    </tr>
  );
}
