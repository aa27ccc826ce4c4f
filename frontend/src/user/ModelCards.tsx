/** Models as cards, for looking around. Lines of cards have one height, so that long lists stay light. */

import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Model } from '../api/types';
import { t } from '../i18n/en';
import { modelPath } from '../router';
import { Chip, ModelName } from '../ui/parts';
import { useWindow } from '../ui/useWindow';
import { ModelFlags } from './ModelFlags';
import { Added, Facts, Size } from './ModelTable';

const kLineHeight = 184;
const kNarrowest = 288;
const kGap = 16;

export function ModelCards({ models }: { models: Model[] }): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  const [columns, setColumns] = useState(3);
  useLayoutEffect(() => {
    const measure = (): void => {
      const width = list.current?.clientWidth ?? 0;
      setColumns(Math.max(1, Math.floor((width + kGap) / (kNarrowest + kGap))));
    };
    const observer = new ResizeObserver(measure);
    if (list.current) observer.observe(list.current);
    return () => observer.disconnect();
  }, []);
  const lines = useWindow(list, Math.ceil(models.length / columns), kLineHeight);
  return (
    <ul
      class="model-cards"
      ref={list}
      style={{
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        paddingBlockStart: `${lines.before}px`,
        paddingBlockEnd: `${lines.after}px`,
      }}
    >
      {models.slice(lines.first * columns, lines.end * columns).map((model) => (
        <Card key={model.id} model={model} />
      ))}
    </ul>
  );
}

function Card({ model }: { model: Model }): JSX.Element {
  return (
    <li class="card model-card" data-row={model.name}>
      <div class="title">
        <a href={modelPath(model.name)} class="row-link" data-row-focus title={model.name}>
          <ModelName name={model.name} />
        </a>
      </div>
      <div class="sub sm muted">
        <Facts model={model} />
      </div>
      <div class="row chips">
        {model.format && <Chip>{model.format}</Chip>}
        <ModelFlags model={model} />
      </div>
      <div class="row foot num">
        <b>
          <Size model={model} />
        </b>
        <span class="sm muted">{t('noun.uses', { n: model.stats.total_requests })}</span>
        <span class="end added">
          <Added model={model} />
        </span>
      </div>
    </li>
  );
}
