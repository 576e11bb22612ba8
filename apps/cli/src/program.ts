import { VERSION } from '@lossmill/pool';
import { Command, InvalidArgumentError } from 'commander';
import { addCluster, share } from './cluster-program.js';
import type { Show } from './error-text.js';
import { UsageError } from './errors.js';
import { type EvalFlags, evalCommand } from './eval-command.js';
import type { ExitCode } from './exit-code.js';
import { EXIT } from './exit-code.js';
import { lossList, lossPage } from './losses-command.js';
import { type VerifyFlags, verifyCommand } from './verify-command.js';

const EVAL_EXAMPLES = `
Examples:
  lossmill eval preds.parquet --pred yhat --target y --loss mse --loss huber:delta=1.5 --by region
  lossmill eval 'preds/*.csv' --pred p --target label --loss bce --input probabilities --bad-rows skip
  lossmill eval --pred 'logits-*.npy' --target labels.npy --loss cross_entropy --json
  lossmill eval --spec evaluations.jsonl --json > reports.jsonl

Rows count from 0. The digest is the same for any --threads and --shard-rows.
Exit codes: 0 done, 1 --fail-above was exceeded, 2 refused or failed, 130 interrupted.`;

const LATER: [name: string, what: string][] = [
  ['train', 'training'],
  ['curve', 'drawing loss curves'],
  ['serve', 'the server'],
];

function whole(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('A whole number is wanted.');
  return value;
}

function positive(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1)
    throw new InvalidArgumentError('A whole number of at least 1 is wanted.');
  return whole(text);
}

function real(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('A number is wanted.');
  return value;
}

const reals = (text: string): number[] => text.split(',').map(real);
const positives = (text: string): number[] => text.split(',').map(positive);
const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** The command line's grammar. `finish` receives the exit code; `show` prints an error. */
export function makeProgram(finish: (code: ExitCode) => void, show: Show): Command {
  const program = new Command('lossmill')
    .description(
      'The loss of a model on a whole dataset: exact to the last bit, with error bars, slices, worst rows and gradient.',
    )
    .version(VERSION)
    .helpCommand(false)
    .showHelpAfterError('(lossmill --help shows what there is)')
    .configureHelp({ showGlobalOptions: false });
  addEval(program, finish, show);
  addLosses(program, finish);
  addVerify(program, finish, show);
  addCluster(program, { addSpec, real, positive }, finish, show);
  for (const [name, what] of LATER) {
    program
      .command(name, { hidden: true })
      .allowUnknownOption()
      .allowExcessArguments()
      .argument('[anything...]')
      .action(() => {
        throw new UsageError(
          `lossmill ${name}: ${what} is not available yet. lossmill --help shows what there is.`,
          'NOT_AVAILABLE_YET',
        );
      });
  }
  return program;
}

/** Files and the flags that say what to evaluate. */
function addSpec(command: Command): Command {
  return command
    .argument('[files...]', 'files or globs that form one table')
    .option('--loss <loss>', 'loss, with parameters as in huber:delta=1.5; may be given several times', collect)
    .option('--pred <column|file.npy>', 'prediction column, p0,p1,… for one column a class or output, or an array file')
    .option('--target <column|file.npy>', 'target column, y0,y1,… for one column an output, or an array file')
    .option('--variance <column|file.npy>', 'predicted variances, for gaussian_nll')
    .option('--weight <column|file.npy>', 'row weights, at least 0')
    .option('--id <column|file.npy>', 'column that names a row among the worst rows')
    .option(
      '--cluster <column|file.npy>',
      'column of which rows with equal values belong together (users, documents): error bars count those',
    )
    .option(
      '--by <column[,column2]>',
      'slice by a column, or by a cross of columns; may be given several times',
      collect,
    )
    .option(
      '--input <kind>',
      'what predictions are: logits | probabilities | log_probabilities | mean (see lossmill losses NAME)',
    )
    .option('--scale <x[,y,…]>', 'of quantised predictions, scale * (stored - zero point); one, or one a class', reals)
    .option('--zero-point <z[,y,…]>', 'of quantised predictions (default: 0); one, or one a class', reals)
    .option('--format <format>', 'csv | tsv | jsonl | parquet | arrow | npz | safetensors (default: by extension)')
    .option('--classes <a,b,…>', 'order of class names (default: sorted)')
    .option('--bad-rows <fail|skip>', 'what to do about NaN, missing and out-of-range values (default: fail)')
    .option('--worst <k>', 'worst rows to list (default: 10)', whole)
    .option('--compat <library>', 'mean as this library has it: torch | keras | sklearn | tfjs | onnx')
    .option('--edges <exact|compat>', 'compat: with --compat, also that library’s clipping (default: exact)')
    .option('--confidence <share>', 'of intervals (default: 0.95)', real)
    .option('--precision <auto|f64>', 'auto: float32 data in float32, everything else in float64')
    .option('--shard-rows <n>', 'rows a shard, rounded up to blocks of 256; changes speed only', positive)
    .option('--shard-bytes <n>', 'bytes a shard; changes speed only', positive)
    .option('--gradient <dir>', 'write gradient.npy to a folder or s3:// prefix: d(sum of weight x loss)/d(prediction)')
    .option('--gradient-summary', 'add norms, mean gradient and gradient noise scale to the report')
    .option('--row-losses <dir>', 'write losses.npy to a folder or s3:// prefix: one loss a row')
    .option('--model <file>', 'not available yet')
    .option('--features <columns>', 'not available yet')
    .option('--compare <column>', 'not available yet')
    .option('--bootstrap <n>', 'not available yet', positive)
    .option('--seed <n>', 'not available yet', whole);
}

function addEval(program: Command, finish: (code: ExitCode) => void, show: Show): void {
  addSpec(program.command('eval'))
    .showHelpAfterError('(lossmill eval --help shows what there is)')
    .summary('evaluate predictions against targets')
    .description(
      'Evaluates predictions against targets: one table from FILES (csv, tsv, jsonl, parquet, arrow, npz, safetensors; globs too) or .npy arrays.',
    )
    .option('--threads <n>', 'threads (default: one per processor)', positive)
    .option('--json', 'print the report as JSON')
    .option('--out <file>', 'write the report as JSON')
    .option('--html <file>', 'write the report as a page')
    .option('--spec <file>', 'take the evaluation from a .json file, or one a line from a .jsonl file')
    .option('--plan', 'print the shards and stop')
    .option('--fail-above <x>', 'exit with 1 if a mean is above x', real)
    .option('--redis <url>', 'evaluate on the cluster of this Redis (default: LOSSMILL_REDIS, else on this machine)')
    .option('--allow-degraded <share>', 'on a cluster: shards that may fail, as 0.001 or 0.1% (default: none)', share)
    .addHelpText('after', EVAL_EXAMPLES)
    .action(async (files: string[], flags: EvalFlags) => finish(await evalCommand(files, flags, show)));
}

function addLosses(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('losses')
    .summary('list the losses, or explain one')
    .description('Lists the losses, or shows the formula, gradient, domain and parameters of one.')
    .argument('[name]', 'a loss or alias')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExamples:\n  lossmill losses\n  lossmill losses cross_entropy')
    .action((name: string | undefined, { json }: { json?: boolean }) => {
      process.stdout.write(name === undefined ? lossList(json === true) : lossPage(name, json === true));
      finish(EXIT.done);
    });
}

function addVerify(program: Command, finish: (code: ExitCode) => void, show: Show): void {
  program
    .command('verify')
    .showHelpAfterError('(lossmill verify --help shows what there is)')
    .summary('prove a report: evaluate again and compare digests')
    .description(
      'Evaluates a report’s spec again, cut and run as asked, and compares digests. Run it where the report’s paths lead to its files.',
    )
    .argument('<report.json>', 'what lossmill eval --out wrote')
    .option('--shards <n,m>', 'cut the data into so many shards', positives)
    .option('--threads <n,m>', 'use so many threads', positives)
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  lossmill verify report.json\n  lossmill verify report.json --shards 1,7,1000 --threads 1,2',
    )
    .action(async (path: string, flags: VerifyFlags) => finish(await verifyCommand(path, flags, show)));
}
