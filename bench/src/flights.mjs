import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The predictions of examples/flights, made by its own script if they are not there. */
export function preparedFlights() {
  const script = "import { preparePredictions } from './examples/flights/src/prepare.mjs'; await preparePredictions();";
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, stdio: 'inherit' });
  return join(root, '.cache', 'flights', 'predictions.parquet');
}
