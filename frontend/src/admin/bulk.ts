/** The same small change to many models, one after the other, with an account of what did not work. */

import { type ApiError, api } from '../api/client';
import type { Model, ModelUpdate } from '../api/types';
import { t } from '../i18n/en';
import { dropModel, mergeModel } from '../state/models';
import { asApiError } from '../state/resource';
import { toast } from '../ui/toasts';
import { explain } from '../user/errors';

interface Outcome {
  done: Model[];
  failed: number;
  error: ApiError | null;
}

async function forEach(
  models: readonly Model[],
  work: (model: Model) => Promise<void>,
  progress: (done: number) => void,
): Promise<Outcome> {
  const outcome: Outcome = { done: [], failed: 0, error: null };
  for (const [at, model] of models.entries()) {
    progress(at);
    try {
      await work(model);
      outcome.done.push(model);
    } catch (thrown) {
      outcome.failed += 1;
      outcome.error = asApiError(thrown);
      // Without an answer the rest would fail in the same way, only later.
      if (outcome.error.code === 'offline') {
        outcome.failed = models.length - outcome.done.length;
        break;
      }
    }
  }
  return outcome;
}

function tell(outcome: Outcome, key: 'models.deleted' | 'models.changed'): void {
  const { done, failed, error } = outcome;
  if (done.length > 0) toast(t(key, { n: done.length, name: done[0]?.name ?? '' }));
  if (error !== null) toast(t('models.someFailed', { n: failed, error: explain(error) }));
}

export async function changeModels(
  models: readonly Model[],
  change: ModelUpdate,
): Promise<boolean> {
  const outcome = await forEach(
    models,
    async (model) => mergeModel(await api.updateModel(model.id, change)),
    () => {},
  );
  tell(outcome, 'models.changed');
  return outcome.failed === 0;
}

/** Returns the ids that are gone. */
export async function deleteModels(
  models: readonly Model[],
  progress: (done: number) => void,
): Promise<string[]> {
  const outcome = await forEach(
    models,
    async (model) => {
      await api.deleteModel(model.id);
      dropModel(model.id);
    },
    progress,
  );
  tell(outcome, 'models.deleted');
  return outcome.done.map((model) => model.id);
}
