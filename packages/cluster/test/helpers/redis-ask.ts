import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

export type Reply = string | number | null;

/**
 * Sends commands to the server at `url` over a connection of its own and gives their replies, in order; an error reply
 * rejects. User, password and database of the URL are used. Enough for tests to start a server with: no arrays.
 */
export function ask(url: string, commands: readonly (readonly string[])[], patience = 5000): Promise<Reply[]> {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const address = { host: hostname.replace(/^\[|\]$/g, '') || '127.0.0.1', port: Number(port || 6379) };
  const database = pathname.slice(1);
  const opening = [
    ...(password ? [['AUTH', ...(username ? [decodeURIComponent(username)] : []), decodeURIComponent(password)]] : []),
    ...(database ? [['SELECT', database]] : []),
  ];
  const all = [...opening, ...commands];
  return new Promise((resolve, reject) => {
    const socket = protocol === 'rediss:' ? connectTls({ ...address, servername: address.host }) : connect(address);
    let received = Buffer.alloc(0);
    const finish = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(patience, () => finish(() => reject(new Error(`no reply in ${patience} ms`))));
    socket.on('error', (error) => finish(() => reject(error)));
    socket.on('close', () => reject(new Error('the server closed the connection')));
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      try {
        const replies = parse(received);
        if (replies.length >= all.length) finish(() => resolve(replies.slice(opening.length)));
      } catch (error) {
        finish(() => reject(error));
      }
    });
    socket.write(all.map(encode).join(''));
  });
}

const encode = (words: readonly string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

/** The replies that have wholly arrived. */
function parse(bytes: Buffer): Reply[] {
  const replies: Reply[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return replies;
    const line = bytes.toString('utf8', at + 1, end);
    const kind = String.fromCharCode(bytes[at]);
    at = end + 2;
    if (kind === '-') throw new Error(line);
    if (kind === '+') replies.push(line);
    else if (kind === ':') replies.push(Number(line));
    else if (line === '-1') replies.push(null);
    else {
      const last = at + Number(line);
      if (bytes.length < last + 2) return replies;
      replies.push(bytes.toString('utf8', at, last));
      at = last + 2;
    }
  }
}
