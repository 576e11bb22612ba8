import type { Redis } from 'ioredis';

const WRITES = ['SET', 'DEL', 'HSET', 'HDEL', 'HINCRBY', 'SETBIT', 'SETRANGE', 'ZADD', 'ZREM', 'PERSIST'];

/** A script of which only the first `writes` writes are done: what a Redis applies that was torn off while it wrote its file. */
const torn = (text: string, writes: number): string => `
local left = ${writes}
local writes = {${WRITES.map((name) => `${name} = true`).join(', ')}}
local function call(name, ...)
  if not writes[name] then return redis.call(name, ...) end
  if left == 0 then return 0 end
  left = left - 1
  return redis.call(name, ...)
end
${text.replaceAll('redis.call(', 'call(')}`;

/** The same Redis, where scripts stop after so many writes. */
export function tornRedis(redis: Redis, writes: number): Redis {
  return new Proxy(redis, {
    get(target, name) {
      if (name === 'evalsha') return () => Promise.reject(new Error('NOSCRIPT'));
      if (name === 'eval')
        return (text: string, keys: number, ...rest: (string | number | Buffer)[]) =>
          target.eval(torn(text, writes), keys, ...rest);
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
