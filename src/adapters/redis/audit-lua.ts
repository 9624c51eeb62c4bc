/**
 * What all scripts that touch the audit share; KEYS[1] is the start of every key. `audit:pending` lists what is to be
 * chained (milliseconds, a space, and JSON), and `audit:issued` counts everything that was ever put there, so that what
 * somebody takes out is missed. `audit:chain` is the stream of the chain, in which an entry is found by its number,
 * `audit:head` a hash with the number and the hash of the last entry, and `audit:logged` the number of the last entry of
 * which it is certain that its line was written.
 *
 * Nothing that somebody else wrote there may keep an entry from being kept, or the chain from going on.
 */
export const AUDIT_LUA = `
local pending, issued = KEYS[1] .. 'audit:pending', KEYS[1] .. 'audit:issued'
local chain, head, logged = KEYS[1] .. 'audit:chain', KEYS[1] .. 'audit:head', KEYS[1] .. 'audit:logged'

-- A number that an entry may have; 0 for everything else.
local function entryNumber(text)
  local found = tonumber(text or '')
  return found and found >= 0 and found < 1e15 and found == math.floor(found) and found or 0
end

-- A stream remembers its last number, also when its last entries are taken out, and takes no smaller one.
local function lastId()
  local info = redis.pcall('XINFO', 'STREAM', chain)
  for place = 1, info.err and 0 or #info, 2 do
    if info[place] == 'last-generated-id' then return string.match(info[place + 1], '^%d+') end
  end
  return nil
end

local function headOf()
  local at = redis.pcall('HMGET', head, 'seq', 'hash')
  return entryNumber(at[1] or nil), at[2] or ''
end

-- The number of the last entry; a head that somebody set back does not count.
local function lastNumber() return math.max((headOf()), entryNumber(lastId())) end

local function issue(text)
  -- Before entries were counted, as many were issued as there are.
  if redis.call('EXISTS', issued) == 0 then
    redis.call('SET', issued, string.format('%.0f', lastNumber() + redis.call('LLEN', pending)))
  end
  redis.call('RPUSH', pending, text)
  redis.pcall('INCR', issued)
end
`;
