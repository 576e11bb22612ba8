// What a step of .ci/run counted: `node scripts/ci-count.mjs EXIT_CODE [RESULTS.json]` prints `PASSED FAILED SKIPPED`.
// Results are vitest's JSON report or { passed, failed }; without a file the step itself is one.
import { existsSync, readFileSync } from 'node:fs';

const [code, file] = process.argv.slice(2);
const counted = file !== undefined && existsSync(file) ? read(file) : undefined;
const { passed, failed, skipped = 0 } = counted ?? { passed: file === undefined && code === '0' ? 1 : 0, failed: 0 };
// Whatever was counted, a step that ends badly has failed at least once, and one that counted nothing has not passed.
const unexplained = failed === 0 && (code !== '0' || passed === 0) ? 1 : 0;
console.log(`${passed} ${failed + unexplained} ${skipped}`);

function read(path) {
  try {
    const results = JSON.parse(readFileSync(path, 'utf8'));
    return 'testResults' in results ? readVitest(results) : results;
  } catch {
    return undefined;
  }
}

/** A test file that could not be loaded holds no tests: it is one failure. Skipped tests are neither, but are shown. */
function readVitest({ testResults, numPassedTests, numFailedTests, numPendingTests, numTodoTests }) {
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length, skipped: numPendingTests + numTodoTests };
}
