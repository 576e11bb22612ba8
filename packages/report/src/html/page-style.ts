/** The page's style sheet: light and dark from one set of variables, and paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #fff; --panel: #f6f7f8; --ink: #16191d; --muted: #5d6672; --rule: #dfe3e8;
  --worse: #b3261e; --better: #0b6bcb; --warn: #7a4d00; --warn-panel: #fff4dc; --warn-rule: #e6b450;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --panel: #1d2126; --ink: #e8eaed; --muted: #9aa4b1; --rule: #32383f;
    --worse: #ff8a80; --better: #7fb8ff; --warn: #ffd489; --warn-panel: #2b2414; --warn-rule: #7a5a1e;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: clamp(1.4rem, 4vw, 2rem); line-height: 1.2; margin: 0 0 .4rem; overflow-wrap: anywhere; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 3rem 0 .6rem; padding-top: 1.2rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.02rem; margin: 1.8rem 0 .3rem; overflow-wrap: anywhere; }
p { margin: .3rem 0 .8rem; max-width: 46rem; }
.eyebrow { margin: 0 0 .6rem; color: var(--muted); font-size: .85rem; letter-spacing: .04em; }
.facts, .faint, .caption, figcaption { color: var(--muted); }
.facts, figcaption, .faint { font-size: .92rem; }
.facts { margin: 0; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; }
code { overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: .9rem 1rem; overflow-x: auto; line-height: 1.45; max-width: none; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15.5rem), 1fr)); gap: .9rem; margin: 1.6rem 0; }
.card { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; padding: .9rem 1rem 1rem; min-width: 0; }
.card h2 { all: unset; display: block; font-weight: 600; overflow-wrap: anywhere; }
.parameters { color: var(--muted); font-weight: 400; overflow-wrap: break-word; }
.card .parameters { display: block; line-height: 1.35; }
.mean { margin: .1rem 0 .5rem; font-size: 1.9rem; font-weight: 600; line-height: 1.2; letter-spacing: -.01em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.mean.long { font-size: 1.5rem; }
.mean small { font-size: 1rem; font-weight: 400; color: var(--muted); letter-spacing: 0; white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem .65rem; margin: 0; font-size: .84rem; font-variant-numeric: tabular-nums; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.notice { background: var(--warn-panel); border: 1px solid var(--warn-rule); border-radius: 8px; padding: .8rem 1.1rem; margin: 1.4rem 0; overflow-wrap: anywhere; }
.notice h2 { all: unset; display: block; font-weight: 600; color: var(--warn); }
.notice ul { margin: .3rem 0 0; padding-left: 1.2rem; }
.scroll { overflow-x: auto; margin: 0 0 1.4rem; position: relative; }
table { border-collapse: collapse; font-size: .9rem; min-width: 100%; }
/* Read out with the table; the eye has the paragraph above it, which does not scroll away sideways. */
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.caption { margin: .8rem 0 .3rem; font-size: .92rem; max-width: none; overflow-wrap: anywhere; }
th, td { padding: .34rem .9rem .34rem 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--rule); unicode-bidi: isolate; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-weight: 500; vertical-align: bottom; border-bottom-color: var(--muted); }
thead th small { display: block; font-weight: 400; max-width: 15rem; min-width: 8.5rem; line-height: 1.35; }
tbody th { font-weight: 500; min-width: 7rem; max-width: 20rem; overflow-wrap: break-word; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.n + :not(.n) { padding-left: 1rem; }
thead .n { white-space: normal; }
thead .n small { margin-left: auto; }
#save { font: inherit; font-size: .92rem; color: var(--ink); background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: .3rem .8rem; margin-right: .5rem; cursor: pointer; }
#save:hover { border-color: var(--muted); }
th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit; }
th button:hover { color: var(--ink); text-decoration: underline; }
th[aria-sort] button { color: var(--ink); }
th[aria-sort=descending] button::after { content: " ↓"; }
th[aria-sort=ascending] button::after { content: " ↑"; }
figure { margin: .8rem 0 1rem; }
figure svg { display: block; max-width: 100%; height: auto; background: none; }
figure .narrow { display: none; }
details { margin: .6rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
details.loss > summary { font-weight: 600; font-size: 1.02rem; padding: .3rem 0; }
:focus-visible { outline: 2px solid var(--better); outline-offset: 2px; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--muted); font-size: .9rem; }
@media (max-width: 54rem) {
  figure .wide { display: none; }
  figure .narrow { display: block; }
  figure .narrow svg { width: 100%; max-width: 28rem; }
}
@media (max-width: 40rem) {
  main { padding: 1.5rem 1rem 3rem; }
}
@media print {
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2, h3, caption, figcaption { break-after: avoid; }
  .card, figure, tr, .notice { break-inside: avoid; }
  thead, tbody tr:first-child { break-inside: avoid; }
  thead, .caption { break-after: avoid; }
  .cards { grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
  .scroll { overflow: visible; }
  table { font-size: 8.5pt; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  figure .wide { display: block; }
  figure .narrow, .screen { display: none; }
}
`;
