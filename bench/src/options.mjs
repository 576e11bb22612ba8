import { parseArgs } from 'node:util';

const USAGE = `npm run bench -- [--short] [--only NAME] [--rounds N] [--json FILE] [--python PATH]

  --short        small data, two rounds, no Python: does the bench itself work? Its times mean nothing
  --only NAME    the case of that name, else those whose name contains it, such as "cross_entropy"
  --rounds N     rounds per case; default 5
  --json FILE    write every sample there as well
  --python PATH  the Python that has the peers; default $LOSSMILL_BENCH_PYTHON, else python3`;

/** The command line as { short, only, rounds, json, python }; ends the process on --help and on a wrong flag. */
export function readOptions(args) {
  const flag = { type: 'string' };
  const options = { short: { type: 'boolean' }, only: flag, rounds: flag, json: flag, python: flag };
  try {
    const { values } = parseArgs({ args, options: { ...options, help: { type: 'boolean' } } });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
    if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
      throw new Error(`--rounds wants a whole number from 1 on, not ${values.rounds}.`);
    const python = values.python ?? process.env.LOSSMILL_BENCH_PYTHON ?? 'python3';
    return { short: values.short ?? false, only: values.only ?? '', rounds, json: values.json, python };
  } catch (error) {
    console.error(`error: ${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}
