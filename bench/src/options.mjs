import { parseArgs } from 'node:util';

const USAGE = `npm run bench -- [--short] [--only NAME] [--rounds N] [--json FILE] [--markdown FILE] [--python PATH] [--node PATH]

  --short        small data, two rounds, the kernels beside their TypeScript twins, no Python unless --python is given; for CI
  --only NAME    the case of that name, else those whose name contains it, such as "cross_entropy"
  --rounds N     rounds per case; default 5
  --json FILE    write every sample there as well
  --markdown F   write the run as Markdown there: what docs/performance.md holds below its "The run"
  --node PATH    run our programs with that Node as well (npm i node@24 brings node_modules/node/bin/node)
  --python PATH  the Python that has the peers; default $LOSSMILL_BENCH_PYTHON, else python3`;

/** The command line as { short, only, rounds, json, markdown, python, node }; ends the process on --help and on a wrong flag. */
export function readOptions(args) {
  const flag = { type: 'string' };
  const options = {
    short: { type: 'boolean' },
    only: flag,
    rounds: flag,
    json: flag,
    markdown: flag,
    python: flag,
    node: flag,
  };
  try {
    const { values } = parseArgs({ args, options: { ...options, help: { type: 'boolean' } } });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
    if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
      throw new Error(`--rounds wants a whole number from 1 on, not ${values.rounds}.`);
    const anyPython = values.short ? null : (process.env.LOSSMILL_BENCH_PYTHON ?? 'python3');
    const python = values.python ?? anyPython;
    return {
      short: values.short ?? false,
      only: values.only ?? '',
      rounds,
      json: values.json,
      markdown: values.markdown,
      python,
      node: values.node,
    };
  } catch (error) {
    console.error(`error: ${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}
