import { type Command, InvalidArgumentError } from 'commander';
import type { ClusterFlags, ProcessFlags, SubmitFlags } from './cluster-commands.js';
import type { Show } from './error-text.js';
import type { ExitCode } from './exit-code.js';
import type { ReportFlags } from './report-output.js';
import { terminalOf } from './terminal.js';

/** What the grammar of `eval` lends. */
export interface Grammar {
  /** Adds files and the flags that say what to evaluate. */
  addSpec(command: Command): Command;
  real(text: string): number;
  positive(text: string): number;
}

type Finish = (code: ExitCode) => void;

/** A share: 0.001 or 0.1%. */
export function share(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() === '' || text === '%' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('A share such as 0.001 or 0.1% is wanted.');
  return value;
}

const commands = () => import('./cluster-commands.js');

const withRedis = (command: Command): Command =>
  command
    .showHelpAfterError(`(lossmill ${command.name()} --help shows what there is)`)
    .option('--redis <url>', 'Redis of the cluster (default: LOSSMILL_REDIS)');

const withJson = (command: Command): Command => withRedis(command).option('--json', 'print as JSON');

/** The commands of a cluster. Their code, and that of its queues, is loaded when one of them runs. */
export function addCluster(program: Command, grammar: Grammar, finish: Finish, show: Show): void {
  addSubmit(program, grammar, finish, show);
  const one = (name: string, summary: string, act: (id: string, flags: ClusterFlags) => Promise<ExitCode>): void => {
    withJson(program.command(name))
      .summary(summary)
      .description(`${summary[0].toUpperCase()}${summary.slice(1)}. An id may be abbreviated as long as it is unique.`)
      .argument('<id>', 'an evaluation, as lossmill submit or list shows it')
      .action(async (id: string, flags: ClusterFlags) => finish(await act(id, flags)));
  };
  one('status', 'show how far an evaluation is', async (id, flags) => (await commands()).statusCommand(id, flags));
  one('watch', 'follow an evaluation to its end', async (id, flags) => (await commands()).watchCommand(id, flags));
  one('cancel', 'stop an evaluation', async (id, flags) => (await commands()).cancelCommand(id, flags));
  one('retry', 'run a failed, degraded or cancelled evaluation again, without what is counted', async (id, flags) =>
    (await commands()).retryCommand(id, flags),
  );
  addResult(program, grammar, finish);
  withJson(program.command('list'))
    .summary('list the evaluations of a cluster')
    .description('Lists the evaluations of a cluster, the newest first.')
    .action(async (flags: ClusterFlags) => finish(await (await commands()).listCommand(flags)));
  addProcesses(program, grammar, finish);
}

function addSubmit(program: Command, grammar: Grammar, finish: Finish, show: Show): void {
  grammar
    .addSpec(withJson(program.command('submit')))
    .summary('submit an evaluation to a cluster')
    .description('Submits an evaluation to a cluster and prints its id; takes what lossmill eval takes.')
    .option('--spec <file>', 'take the evaluation from a .json file, or one a line from a .jsonl file')
    .option('--detach', 'do not wait until it is planned')
    .option('--idempotency-key <key>', 'with the key of an earlier submission, it is that one')
    .option('--allow-degraded <share>', 'shards that may fail, as 0.001 or 0.1% (default: none)', share)
    .action(async (files: string[], flags: SubmitFlags) =>
      finish(await (await commands()).submitCommand(files, flags, show)),
    );
}

function addResult(program: Command, { real }: Grammar, finish: Finish): void {
  withJson(program.command('result'))
    .summary('show the report of an evaluation')
    .description('Shows or writes the report of an evaluation that is done.')
    .argument('<id>', 'an evaluation')
    .option('--out <file>', 'write the report as JSON')
    .option('--html <file>', 'write the report as a page')
    .option('--fail-above <x>', 'exit with 1 if a mean is above x', real)
    .action(async (id: string, flags: ClusterFlags & ReportFlags) =>
      finish(await (await commands()).resultCommand(id, flags)),
    );
}

const HTTP_PORT = ['--http-port <port>', 'serve /metrics, /healthz and /readyz there (0: any free one)', port] as const;
const HELP = ['-h, --help', 'display help and all settings'] as const;

function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('A port from 0 to 65535 is wanted.');
}

function addProcesses(program: Command, { positive }: Grammar, finish: Finish): void {
  const run =
    (role: 'worker' | 'coordinator') =>
    async (flags: ProcessFlags & { help?: boolean }, command: Command): Promise<void> => {
      if (flags.help) {
        // Its table is loaded with the code that reads it.
        const settings = (await import('./settings-help.js')).settingsHelp(role, terminalOf(process.stdout).width);
        process.stdout.write(command.helpInformation() + settings);
      } else finish(await (await commands()).processCommand(role, flags));
    };
  withRedis(program.command('worker'))
    .summary('compute shards for a cluster')
    .description(
      'Computes shards for a cluster until it is asked to end (SIGTERM). Reads and writes files below LOSSMILL_DATA_ROOTS only.',
    )
    .option('--threads <n>', 'threads (default: one per processor)', positive)
    .option(...HTTP_PORT)
    .helpOption(false)
    .option(...HELP)
    .action(run('worker'));
  withRedis(program.command('coordinator'))
    .summary('plan the evaluations of a cluster and write their reports')
    .description(
      'Plans evaluations, keeps workers in work and writes reports, until it is asked to end (SIGTERM). Several may run.',
    )
    .option(...HTTP_PORT)
    .helpOption(false)
    .option(...HELP)
    .action(run('coordinator'));
}
