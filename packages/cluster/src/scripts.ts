import { Script } from './script.js';

// Every script may be run twice with the same arguments (a client sends it again after a broken connection): the second
// run changes nothing that counts. Integers only: sums of floating point are in the bytes of partials.
//
// A Redis that was torn off while it wrote its file may apply only the first of a script's writes when it starts again. So
// the writes stand in an order of which every beginning is harmless or found by the audit (audit.ts), and counters that
// belong together are set by one command, to what they are then, not by what they grow.

/** KEYS st spec all open; ARGV id submission now mostOpen. Returns the state before ("new", "full" when there was none). */
export const REGISTER = new Script(`
local state = redis.call('HGET', KEYS[1], 'state')
if state then return state end
if redis.call('ZCARD', KEYS[4]) >= tonumber(ARGV[4]) then return 'full' end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[1], 'state', 'queued', 'submittedAt', ARGV[3])
return 'new'
`);

/**
 * KEYS st p; ARGV fence holder. Whoever takes over last holds the fence. Returns {state, deaths}: how many holders before died
 * in a row while they planned, folded, or made the report, without any progress. One that lets go (RELEASE) has not died.
 */
export const TAKE_OVER = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'holder', 'done', 'failed', 'mark', 'deaths')
local state = s[1]
if state ~= 'queued' and state ~= 'running' and state ~= 'reducing' then return {state, 0} end
local mark = state .. ' ' .. (s[4] or 0) .. ' ' .. (s[5] or 0)
local deaths = s[6] == mark and tonumber(s[7] or 0) or 0
local died = s[2] and s[2] ~= '' and s[3] ~= ARGV[2]
if died and (state ~= 'running' or redis.call('EXISTS', KEYS[2]) == 1) then deaths = deaths + 1 end
if state == 'reducing' then state = 'running' end
redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'holder', ARGV[2], 'mark', mark, 'deaths', deaths, 'state', state)
return {state, deaths}
`);

/** KEYS st; ARGV fence. The holder lets go in good order. */
export const RELEASE = new Script(`
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'fence', '')
return 1
`);

/** KEYS st plan; ARGV fence epoch plan total rows now files dataBytes. Returns 1, or 0 when the fence or the state is another. */
export const STORE_PLAN = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'fence')
if s[1] ~= 'queued' or s[2] ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[3])
redis.call('HSET', KEYS[1], 'state', 'running', 'epoch', ARGV[2], 'total', ARGV[4], 'totalRows', ARGV[5], 'files', ARGV[7], 'dataBytes', ARGV[8], 'cursor', 0, 'done', 0,
  'failed', 0, 'rows', 0, 'bytes', 0, 'ms', 0, 'retried', 0, 'duplicates', 0, 'startedAt', ARGV[6])
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
local s = redis.call('HMGET', KEYS[1], 'state', 'epoch', 'total', 'done', 'failed', 'rows', 'bytes', 'ms', 'retried')
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
redis.call('HSET', KEYS[4], ARGV[2] .. '.' .. ARGV[3], ARGV[10])
redis.call('SETRANGE', KEYS[2], from, table.concat(new))
local redeemed = 0
if redis.call('STRLEN', KEYS[3]) > from then
  for i = first, last do
    if redis.call('GETBIT', KEYS[3], i) == 1 then
      redis.call('SETBIT', KEYS[3], i, 0)
      redeemed = redeemed + 1
    end
  end
end
local function plus(at, more) return string.format('%.0f', tonumber(s[at] or 0) + tonumber(more)) end
redis.call('HSET', KEYS[1], 'done', plus(4, count), 'failed', plus(5, -redeemed), 'rows', plus(6, ARGV[4]),
  'bytes', plus(7, ARGV[5]), 'ms', plus(8, ARGV[6]), 'retried', plus(9, ARGV[7] == '1' and count or 0))
redis.call('HSET', KEYS[5], ARGV[8], ARGV[9])
return {1, tonumber(s[4]) + count}
`);

/** KEYS st bm fb dl; ARGV epoch shard letter mostLetters. Returns 1 if the shard is now known as failed. */
export const FAIL_SHARD = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'epoch')
if s[1] ~= 'running' or s[2] ~= ARGV[1] or redis.call('GETBIT', KEYS[2], ARGV[2]) == 1 then return 0 end
if redis.call('GETBIT', KEYS[3], ARGV[2]) == 0 then
  if redis.call('HLEN', KEYS[4]) < tonumber(ARGV[4]) then redis.call('HSET', KEYS[4], ARGV[2], ARGV[3]) end
  redis.call('SETBIT', KEYS[3], ARGV[2], 1)
  redis.call('HSET', KEYS[1], 'failed', tonumber(redis.call('HGET', KEYS[1], 'failed')) + 1)
end
return 1
`);

/**
 * KEYS st acc p; ARGV fence head bytes fields... Replaces the folded partial, which must begin with `head` (empty: must not be
 * there), and removes what went into it. Where one of them is not there Redis has forgotten it (a restart that lost the end of
 * its file), so its shards will be counted anew.
 */
export const FOLD = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'fence')
if s[1] ~= 'running' or s[2] ~= ARGV[1] then return 0 end
if ARGV[2] == '' then
  if redis.call('EXISTS', KEYS[2]) == 1 then return -1 end
elseif redis.call('GETRANGE', KEYS[2], 0, #ARGV[2] - 1) ~= ARGV[2] then
  return -1
end
for i = 4, #ARGV do
  if redis.call('HEXISTS', KEYS[3], ARGV[i]) == 0 then return -1 end
end
redis.call('SET', KEYS[2], ARGV[3])
for i = 4, #ARGV do redis.call('HDEL', KEYS[3], ARGV[i]) end
return 1
`);

/** KEYS st; ARGV epoch shards. Notes that so many shards of lost workers went back into the queue. */
export const HAND_ON = new Script(`
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 0 end
redis.call('HINCRBY', KEYS[1], 'handedOn', ARGV[2])
return 1
`);

/** KEYS st bm fb p acc. All that is counted at one moment: {st, bm, fb, fields of p, acc}. */
export const SNAPSHOT = new Script(`
return {redis.call('HGETALL', KEYS[1]), redis.call('GET', KEYS[2]), redis.call('GET', KEYS[3]), redis.call('HKEYS', KEYS[4]),
  redis.call('GET', KEYS[5])}
`);

/** KEYS st; ARGV fence epoch. Tasks that were handed out before count nothing any more. */
export const FREEZE = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'fence')
if s[1] ~= 'running' or s[2] ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'epoch', ARGV[2])
return 1
`);

/** KEYS st bm fb acc p; ARGV fence epoch bm fb dropAcc done failed rows retried fields... What a frozen ledger says from now on. */
export const REBASE = new Script(`
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'epoch')
if s[1] ~= 'running' or s[2] ~= ARGV[1] or s[3] ~= ARGV[2] then return 0 end
if ARGV[5] == '1' then redis.call('DEL', KEYS[4]) end
for i = 10, #ARGV do redis.call('HDEL', KEYS[5], ARGV[i]) end
redis.call('SET', KEYS[2], ARGV[3])
redis.call('SET', KEYS[3], ARGV[4])
redis.call('HSET', KEYS[1], 'done', ARGV[6], 'failed', ARGV[7], 'rows', ARGV[8], 'retried', ARGV[9])
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
if ARGV[6] ~= '' then redis.call('SET', KEYS[2], ARGV[6]) end
redis.call('HSET', KEYS[1], 'state', ARGV[3], 'endedAt', ARGV[4], 'error', ARGV[5])
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

/** KEYS st plan fb dl open report spec bm p acc ws; ARGV id now. What is counted stays; failed shards are tried again. Returns the state before. */
export const RETRY = new Script(`
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'failed' and state ~= 'cancelled' and state ~= 'degraded' then return state end
if redis.call('EXISTS', KEYS[7]) == 0 then return 'gone' end
for i = 1, #KEYS do if i ~= 5 then redis.call('PERSIST', KEYS[i]) end end
redis.call('ZADD', KEYS[5], ARGV[2], ARGV[1])
redis.call('DEL', KEYS[3], KEYS[4], KEYS[6])
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('HDEL', KEYS[1], 'epoch') end
redis.call('HSET', KEYS[1], 'state', 'queued', 'failed', 0, 'error', '', 'endedAt', 0, 'fence', '', 'deaths', 0)
return state
`);

/** KEYS st plan bm fb p acc ws. Returns 0 for an evaluation that has not ended. Tried again afterwards, it is planned anew. */
export const DROP_WORK = new Script(`
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'queued' or state == 'running' or state == 'reducing' then return 0 end
redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7])
return 1
`);
