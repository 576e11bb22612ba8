import type { WritingPlan } from '@lossmill/pool';
import type { Redis } from 'ioredis';
import type { DataRoots } from './data-roots.js';
import { faultOf } from './fault.js';
import type { Ledger } from './ledger.js';
import type { Log } from './log.js';
import { dropOutputs } from './outputs.js';
import { storedPlan } from './stored-plan.js';

export interface ForgetContext {
  redis: Redis;
  roots: DataRoots;
  log: Log;
  settings: { keepSeconds: number };
}

/**
 * Lets go of what only a running evaluation needs, where it has ended or Redis does not know it: at once what it wrote under temporary
 * names, and what is counted where it can never run again, or could only with these files. Doing it again does no harm.
 * @param known its plan, where Redis may have lost it
 */
export async function forget(context: ForgetContext, ledger: Ledger, known: WritingPlan | null = null): Promise<void> {
  const plan = known ?? (await planOf(context.redis, ledger));
  const state = (await ledger.record())?.state;
  if (state === 'done') {
    // Files first: a process that dies in between is followed by another that knows them by the plan.
    await drop(context, ledger, plan);
    await ledger.dropWork();
  } else if (plan?.outputs && (await ledger.dropWork())) await drop(context, ledger, plan);
  await ledger.expire(context.settings.keepSeconds);
}

async function planOf(redis: Redis, ledger: Ledger): Promise<WritingPlan | null> {
  const text = await redis.get(ledger.keys.plan);
  try {
    return text === null ? null : storedPlan(text);
  } catch {
    return null;
  }
}

async function drop({ roots, log }: ForgetContext, ledger: Ledger, plan: WritingPlan | null): Promise<void> {
  if (!plan?.outputs) return;
  try {
    await dropOutputs(plan.outputs, roots.access);
  } catch (error) {
    const parts = plan.outputs.files.map(({ part }) => part);
    log.warn(
      { evaluation: ledger.id, parts, error: faultOf(error) },
      'what was written in between could not be removed',
    );
  }
}
