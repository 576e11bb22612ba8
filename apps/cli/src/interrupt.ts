/** The reason an evaluation is aborted with when the user presses Ctrl-C or the process is asked to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** A signal that Ctrl-C aborts; a second Ctrl-C ends the process at once. */
export function interruptSignal(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const release = () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      // Not process.exit: that waits for native threads in the middle of a query.
      release();
      process.kill(process.pid, name);
    } else controller.abort(new Interrupted('interrupted'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { signal: controller.signal, release };
}
