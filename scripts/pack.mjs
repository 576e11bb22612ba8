// npm run pack: the npm package `lossmill` as a tarball, from apps/cli and the workspace packages below it.
//
// The workspace packages are published inside it, as bundled dependencies: real copies of their dist/ and package.json.
// What they depend on outside the workspace becomes a dependency of the staged package, at the same exact versions.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { at, capture, npmTool } from './lib/run.mjs';
import { filesIn, packages, workspaceDependencies } from './lib/workspace.mjs';
import { setup } from './setup/setup.mjs';

const FOLDER = at('.cache', 'pack');

/** Build, stage and pack. Resolves to the tarball's path. */
export async function pack() {
  await setup();
  const stage = join(FOLDER, 'stage');
  rmSync(FOLDER, { recursive: true, force: true });
  const all = new Map(packages().map((pkg) => [pkg.name, pkg]));
  const app = all.get('lossmill');
  const bundled = closure(app, all);
  copyPackage(app, stage);
  for (const pkg of bundled) {
    const folder = join(stage, 'node_modules', pkg.name);
    copyPackage(pkg, folder);
    writeManifest(folder, published(pkg.manifest));
  }
  for (const file of ['LICENSE', 'README.md']) if (existsSync(at(file))) cpSync(at(file), join(stage, file));
  writeManifest(stage, {
    ...published(app.manifest),
    dependencies: { ...outsideDependencies([app, ...bundled]), ...versionsOf(bundled) },
    bundleDependencies: bundled.map(({ name }) => name),
  });
  return npmPack(stage);
}

/** Every workspace package that the app stands on, directly or not, by name. */
function closure(app, all) {
  const found = new Map();
  const visit = ({ manifest }) => {
    for (const name of workspaceDependencies(manifest)) {
      if (found.has(name)) continue;
      found.set(name, all.get(name));
      visit(all.get(name));
    }
  };
  visit(app);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The manifest as others see it. Dependencies are the app's affair: npm would look for a bundled package's elsewhere. */
function published({ private: _, scripts, devDependencies, dependencies, ...manifest }) {
  return manifest;
}

function outsideDependencies(pkgs) {
  const merged = {};
  for (const { path, manifest } of pkgs)
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      if (range.startsWith('workspace:')) continue;
      if (merged[name] !== undefined && merged[name] !== range)
        throw new Error(`${path} wants ${name} ${range}, another package ${merged[name]}: one version is needed`);
      merged[name] = range;
    }
  return Object.fromEntries(Object.entries(merged).sort());
}

const versionsOf = (pkgs) => Object.fromEntries(pkgs.map(({ name, manifest }) => [name, manifest.version]));

/**
 * dist/ and bin/ of a package. Left out: what an earlier build left behind for a source that is gone, the compiler's
 * notes, and source maps, which would point at sources that are not published.
 */
function copyPackage(pkg, target) {
  for (const file of ['bin', 'dist'].flatMap((folder) => filesIn(pkg.dir, folder))) {
    if (/\.(map|tsbuildinfo)$/.test(file) || !hasSource(pkg, file)) continue;
    mkdirSync(dirname(join(target, file)), { recursive: true });
    if (/\.(js|d\.ts)$/.test(file)) {
      const text = readFileSync(join(pkg.dir, file), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
      writeFileSync(join(target, file), text);
    } else cpSync(join(pkg.dir, file), join(target, file));
  }
}

const hasSource = ({ dir }, file) =>
  !/^dist\/.*\.(js|d\.ts)$/.test(file) ||
  existsSync(join(dir, file.replace(/^dist\//, 'src/').replace(/\.(js|d\.ts)$/, '.ts')));

function writeManifest(folder, manifest) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function npmPack(stage) {
  const [command, first] = npmTool('npm');
  const { code, output } = await capture(command, [...first, 'pack', '--pack-destination', FOLDER], { cwd: stage });
  if (code !== 0) throw new Error(`npm pack failed:\n${output}`);
  const { name, version } = JSON.parse(readFileSync(join(stage, 'package.json'), 'utf8'));
  return join(FOLDER, `${name}-${version}.tgz`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await pack());
