import { CommanderError } from 'commander';
import { errorText, plainError, type Wording } from './error-text.js';
import { UsageError } from './errors.js';
import { EXIT } from './exit-code.js';
import { Interrupted } from './interrupt.js';
import { makeProgram } from './program.js';
import { terminalOf } from './terminal.js';

/** A reader that has had enough (`| head`) is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  show(new UsageError(`standard output cannot be written (${error.message}).`, 'FILE_NOT_WRITABLE'));
  process.exit(EXIT.failed);
});

function show(error: unknown, wording: Wording = ({ message }) => message): void {
  const plain = plainError(error);
  if (plain) {
    process.stderr.write(`${errorText(wording(plain), terminalOf(process.stderr).width)}\n`);
    return;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(
    `${errorText(`${message} (a fault of lossmill itself; LOSSMILL_LOG=debug shows where)`, 100)}\n`,
  );
  if (process.env.LOSSMILL_LOG === 'debug') process.stderr.write(`${stack}\n`);
}

const program = makeProgram((code) => {
  process.exitCode = code;
}, show);
for (const command of [program, ...program.commands]) command.exitOverride();

try {
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.failed;
  else if (error instanceof Interrupted) {
    process.stderr.write('interrupted\n');
    process.exitCode = EXIT.interrupted;
  } else {
    show(error);
    process.exitCode = EXIT.failed;
  }
}
