import { Script } from './script.js';

// Every script may be run twice with the same arguments (a client sends it again after a broken connection): the second
// run changes nothing that counts. Integers only: sums of floating point are in the bytes of partials.

/** KEYS st spec all open; ARGV id submission now mostOpen. Returns the state before ("new", "full" when there was none). */
export const REGISTER = new Script(`
local state = redis.call('HGET', KEYS[1], 'state')
if state then return state end
if redis.call('ZCARD', KEYS[4]) >= tonumber(ARGV[4]) then return 'full' end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('HSET', KEYS[1], 'state', 'queued', 'submittedAt', ARGV[3])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[1])
return 'new'
`);

/** KEYS st; ARGV fence. Whoever takes over last holds the fence. Returns the state. */
export const TAKE_OVER = new Script(`
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'queued' or state == 'running' or state == 'reducing' then
  redis.call('HSET', KEYS[1], 'fence', ARGV[1])
  if state == 'reducing' then redis.call('HSET', KEYS[1], 'state', 'running') return 'running' end
end
return state
`);

/** KEYS st plan; ARGV fence epoch plan total rows now files dataBytes. Returns 1, or 0 when the fence or the state is another. */
export const STORE_PLAN = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'fence')
if s[1] ~= 'queued' or s[2] ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[3])
redis.call('HSET', KEYS[1], 'state', 'running', 'epoch', ARGV[2], 'total', ARGV[4], 'totalRows', ARGV[5], 'files', ARGV[7], 'dataBytes', ARGV[8], 'cursor', 0, 'done', 0,
  'failed', 0, 'rows', 0, 'bytes', 0, 'retried', 0, 'duplicates', 0, 'accVersion', 0, 'startedAt', ARGV[6])
return 1
`);

/** KEYS st; ARGV fence. A planned evaluation that was queued again goes on. */
export const RESUME = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'epoch')
if s[1] ~= 'queued' or s[2] ~= ARGV[1] or not s[3] then return 0 end
redis.call('HSET', KEYS[1], 'state', 'running')
return 1
`);

/** KEYS st; ARGV fence cursor. Shards below the cursor have been handed out once. */
export const ADVANCE = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'cursor')
if s[1] ~= 'running' or s[2] ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) > tonumber(s[3]) then redis.call('HSET', KEYS[1], 'cursor', ARGV[2]) end
return 1
`);

/**
 * KEYS st bm fb p ws; ARGV epoch first count rows bytes ms retried worker threads partial. The only place where shards are counted.
 * Returns {1, done}; {0, shards counted already...} and counts nothing; {-1, state} when the evaluation does not run.
 */
export const COMMIT = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'epoch', 'total')
if s[1] ~= 'running' or s[2] ~= ARGV[1] then return {-1, s[1] or ''} end
local first, count = tonumber(ARGV[2]), tonumber(ARGV[3])
local last = first + count - 1
if first < 0 or count < 1 or count > 4096 or last >= tonumber(s[3]) then
  return redis.error_reply('ERR lossmill: shards ' .. ARGV[2] .. ' + ' .. ARGV[3] .. ' are outside the plan')
end
-- Whole bytes of the bitmap: a command for each of a thousand shards would cost more than all the rest. Bit 0 of a byte is its highest.
local from, to = math.floor(first / 8), math.floor(last / 8)
local old = redis.call('GETRANGE', KEYS[2], from, to)
local new, taken = {}, {0}
for b = from, to do
  local low, high = math.max(first - b * 8, 0), math.min(last - b * 8, 7)
  local mask = bit.lshift(1, 8 - low) - bit.lshift(1, 7 - high)
  local byte = string.byte(old, b - from + 1) or 0
  if bit.band(byte, mask) ~= 0 then
    for i = low, high do
      if bit.band(byte, bit.rshift(128, i)) ~= 0 then taken[#taken + 1] = b * 8 + i end
    end
  end
  new[#new + 1] = string.char(bit.bor(byte, mask))
end
if #taken > 1 then
  redis.call('HINCRBY', KEYS[1], 'duplicates', #taken - 1)
  return taken
end
redis.call('SETRANGE', KEYS[2], from, table.concat(new))
if redis.call('STRLEN', KEYS[3]) > from then
  for i = first, last do
    if redis.call('GETBIT', KEYS[3], i) == 1 then
      redis.call('SETBIT', KEYS[3], i, 0)
      redis.call('HINCRBY', KEYS[1], 'failed', -1)
    end
  end
end
redis.call('HSET', KEYS[4], ARGV[2] .. '.' .. ARGV[3], ARGV[10])
redis.call('HSET', KEYS[5], ARGV[8], ARGV[9])
redis.call('HINCRBY', KEYS[1], 'rows', ARGV[4])
redis.call('HINCRBY', KEYS[1], 'bytes', ARGV[5])
redis.call('HINCRBY', KEYS[1], 'ms', ARGV[6])
if ARGV[7] == '1' then redis.call('HINCRBY', KEYS[1], 'retried', count) end
return {1, redis.call('HINCRBY', KEYS[1], 'done', count)}
`);

/** KEYS st bm fb dl; ARGV epoch shard letter mostLetters. Returns 1 if the shard is now known as failed. */
export const FAIL_SHARD = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'epoch')
if s[1] ~= 'running' or s[2] ~= ARGV[1] or redis.call('GETBIT', KEYS[2], ARGV[2]) == 1 then return 0 end
if redis.call('SETBIT', KEYS[3], ARGV[2], 1) == 0 then
  redis.call('HINCRBY', KEYS[1], 'failed', 1)
  if redis.call('HLEN', KEYS[4]) < tonumber(ARGV[4]) then redis.call('HSET', KEYS[4], ARGV[2], ARGV[3]) end
end
return 1
`);

/**
 * KEYS st acc p; ARGV fence version bytes fields... Replaces the folded partial and removes what went into it. Where one of them
 * is not there Redis has forgotten it (a restart that lost the end of its file), so its shards will be counted anew.
 */
export const FOLD = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'accVersion')
if s[1] ~= 'running' or s[2] ~= ARGV[1] then return 0 end
if s[3] ~= ARGV[2] then return -1 end
for i = 4, #ARGV do
  if redis.call('HEXISTS', KEYS[3], ARGV[i]) == 0 then return -1 end
end
redis.call('SET', KEYS[2], ARGV[3])
redis.call('HINCRBY', KEYS[1], 'accVersion', 1)
for i = 4, #ARGV do redis.call('HDEL', KEYS[3], ARGV[i]) end
return 1
`);

/** KEYS st; ARGV epoch shards. Notes that so many shards of lost workers went back into the queue. */
export const HAND_ON = new Script(`
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 0 end
redis.call('HINCRBY', KEYS[1], 'handedOn', ARGV[2])
return 1
`);

/** KEYS st; ARGV fence. From now on nothing is counted any more. */
export const REDUCE = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'fence')
if s[2] ~= ARGV[1] or (s[1] ~= 'running' and s[1] ~= 'reducing') then return 0 end
redis.call('HSET', KEYS[1], 'state', 'reducing')
return 1
`);

/** KEYS st report open; ARGV fence id state now error report. Empty texts are not stored. */
export const FINISH = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'fence')
if s[2] ~= ARGV[1] or (s[1] ~= 'running' and s[1] ~= 'reducing' and s[1] ~= 'queued') then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[3], 'endedAt', ARGV[4])
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'error', ARGV[5]) end
if ARGV[6] ~= '' then redis.call('SET', KEYS[2], ARGV[6]) end
redis.call('ZREM', KEYS[3], ARGV[2])
return 1
`);

/** KEYS st open; ARGV id now. Returns the state before; nil when there is no such evaluation. */
export const CANCEL = new Script(`
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'queued' or state == 'running' or state == 'reducing' then
  redis.call('HSET', KEYS[1], 'state', 'cancelled', 'endedAt', ARGV[2])
  redis.call('ZREM', KEYS[2], ARGV[1])
end
return state
`);

/** KEYS st plan fb dl open report spec bm; ARGV id now. What is counted stays; failed shards are tried again. Returns the state before. */
export const RETRY = new Script(`
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'failed' and state ~= 'cancelled' and state ~= 'degraded' then return state end
if redis.call('EXISTS', KEYS[7]) == 0 then return 'gone' end
redis.call('DEL', KEYS[3], KEYS[4], KEYS[6])
redis.call('HDEL', KEYS[1], 'error', 'endedAt', 'fence')
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('HDEL', KEYS[1], 'epoch') end
redis.call('HSET', KEYS[1], 'state', 'queued', 'failed', 0)
for i = 1, #KEYS do if i ~= 5 then redis.call('PERSIST', KEYS[i]) end end
redis.call('ZADD', KEYS[5], ARGV[2], ARGV[1])
return state
`);

/** KEYS st plan bm fb p acc ws. Returns 0 for an evaluation that has not ended. Tried again afterwards, it is planned anew. */
export const DROP_WORK = new Script(`
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'queued' or state == 'running' or state == 'reducing' then return 0 end
redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7])
return 1
`);
