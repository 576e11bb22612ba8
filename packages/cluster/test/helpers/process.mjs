// A worker or coordinator in a process of its own: node process.mjs ROLE REDIS ROOT SETTINGS(JSON).
import { ClusterWorker, Coordinator, DataRoots, settingsOf } from '@lossmill/cluster';

const [role, redis, root, settings] = process.argv.slice(2);
const write = (level) => (fields, message) =>
  process.stderr.write(`${role} ${level} ${message} ${JSON.stringify(fields)}\n`);
const log = { debug: () => {}, info: write('info'), warn: write('warn'), error: write('error') };
const kind = role === 'worker' ? ClusterWorker : Coordinator;
const running = await kind.start({
  redis,
  settings: { ...settingsOf({}), ...JSON.parse(settings) },
  roots: new DataRoots([root], (process.env.LOSSMILL_ALLOWED_URLS ?? '').split(' ').filter(Boolean)),
  log,
  onHang: () => process.kill(process.pid, 'SIGKILL'),
});
process.once('SIGTERM', async () => {
  await running.close();
  process.exit(0);
});
process.send?.('ready');
