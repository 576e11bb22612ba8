// One line of progress on stderr: `  Setting up (once) ........ pnpm, 41 s   build, 6 s`.

/**
 * On a terminal the seconds of the running step count up in place; elsewhere each piece is written once.
 * begin(name) opens a step, finish() closes it, end() ends the line.
 */
export function startLine(title, out = process.stderr) {
  let text = title;
  let current = '';
  let since = 0;
  let timer;
  const seconds = () => `${Math.max(1, Math.round((performance.now() - since) / 1000))} s`;
  const redraw = () => out.write(`\r${text}${current}, ${seconds()}`);
  out.write(title);
  return {
    begin(name) {
      current = `${text === title ? ' ' : '   '}${name}`;
      since = performance.now();
      out.write(current);
      if (out.isTTY) timer = setInterval(redraw, 1000);
    },
    finish() {
      clearInterval(timer);
      if (out.isTTY) redraw();
      else out.write(`, ${seconds()}`);
      text += `${current}, ${seconds()}`;
    },
    end() {
      out.write('\n');
    },
  };
}
