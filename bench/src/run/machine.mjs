// Where the numbers come from.
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** Of util-linux; elsewhere programs are not pinned. */
const TASKSET = 'taskset';

export function machine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${process.arch}`,
    load: loadavg().map((value) => Number(value.toFixed(2))),
  };
}

/** The words before a command that keep it on one processor, or none where there is no taskset. */
export function pinning() {
  try {
    const core = String(availableParallelism() - 1);
    execFileSync(TASKSET, ['-c', core, 'true'], { stdio: 'ignore' });
    return [TASKSET, '-c', core];
  } catch {
    return [];
  }
}
