import { connect } from 'node:net';

/** Sends commands to a Redis of this machine over a connection of their own; resolves to their replies, errors as Error. */
export function ask(port, commands, patience = 3000) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    let received = Buffer.alloc(0);
    const finish = (settle) => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(patience, () => finish(() => reject(new Error(`no reply in ${patience} ms`))));
    socket.on('error', (error) => finish(() => reject(error)));
    socket.on('close', () => reject(new Error('the server closed the connection')));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      const replies = parseAll(received, commands.length);
      if (replies) finish(() => resolve(replies));
    });
    socket.write(commands.map(encode).join(''));
  });
}

const encode = (words) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`).join('')}`;

/** `count` replies, or null while some of them are on their way. */
function parseAll(bytes, count) {
  const replies = [];
  let at = 0;
  while (replies.length < count) {
    const reply = parse(bytes, at);
    if (reply === null) return null;
    replies.push(reply.value);
    at = reply.end;
  }
  return replies;
}

/** The reply that starts at `at`: { value, end }, or null while it is not whole. */
function parse(bytes, at) {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd < 0) return null;
  const line = bytes.toString('utf8', at + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(bytes[at])) {
    case '+':
      return { value: line, end };
    case '-':
      return { value: new Error(line), end };
    case ':':
      return { value: Number(line), end };
    case '$': {
      if (line === '-1') return { value: null, end };
      const last = end + Number(line);
      return bytes.length < last + 2 ? null : { value: bytes.toString('utf8', end, last), end: last + 2 };
    }
    default:
      return parseArray(bytes, end, Number(line));
  }
}

function parseArray(bytes, start, length) {
  const value = [];
  let end = start;
  for (let i = 0; i < length; i++) {
    const item = parse(bytes, end);
    if (item === null) return null;
    value.push(item.value);
    end = item.end;
  }
  return { value: length < 0 ? null : value, end };
}
