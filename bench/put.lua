-- wrk: every request is a real change, but for those that read. Arguments: token, or @ and a file
-- with a token in each line that are used in turn; number of users; first step; milliseconds before
-- each request; how many of ten requests read a user instead.
--
-- Step n gives a number that no other step gives to a user that no nearby step touches, both
-- scattered. Strings come from small tables: a table of a million strings would make wrk's own
-- collector stop for longer than the server does.
--
-- In a closed loop each answer is followed by the next request at once, so the longest time between
-- two calls of `request` is the longest time in which no client got any answer.

local ffi = require("ffi")
ffi.cdef("typedef struct { long s, ns; } bench_time; int clock_gettime(int, bench_time *);")
local clock_monotonic, reading = 1, ffi.new("bench_time")

local function now()
  ffi.C.clock_gettime(clock_monotonic, reading)
  return tonumber(reading.s) + tonumber(reading.ns) / 1e9
end

local hex3, dec3, dec2 = {}, {}, {}
for i = 0, 4095 do hex3[i] = string.format("%03x", i) end
for i = 0, 999 do dec3[i] = string.format("%03d", i) end
for i = 0, 99 do dec2[i] = string.format("%02d", i) end

local floor = math.floor
local users, n, reads
local tokens, before_token, before_user, before_read, after_read = {}
local started, previous

-- What `done` reads: answers of each second, and the longest gap in seconds.
counts, gap = {}, 0
local connections_settled = 1000

local threads = {}
function setup(thread) table.insert(threads, thread) end

function init(args)
  users, n, reads = tonumber(args[2]), tonumber(args[3]), tonumber(args[5])
  -- wrk looks whether there is such a function once this has run.
  local pause = tonumber(args[4])
  if pause > 0 then delay = function() return pause end end
  local length = #'{"payload":{"userId":"","rcExtension":""}}' + 24 + 10
  if args[1]:sub(1, 1) == "@" then
    for token in io.lines(args[1]:sub(2)) do table.insert(tokens, token) end
  else
    tokens[1] = args[1]
  end
  before_token = "PUT /user/update-rcextension HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
  before_user = "\r\nContent-Type: application/json\r\nContent-Length: " .. length
    .. '\r\n\r\n{"payload":{"userId":"64b7f1a2e4b0a5d3f9'
  before_read = "GET /v1/users/64b7f1a2e4b0a5d3f9"
  after_read = " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " .. tokens[1] .. "\r\n\r\n"
  -- One token needs no joining in each request.
  if #tokens == 1 then before_token, tokens[1] = "", before_token .. tokens[1] end
end

local steps = 0
function request()
  local at = now()
  steps = steps + 1
  if steps > connections_settled and at - previous > gap then gap = at - previous end
  previous = at
  started = started or at
  local second = floor(at - started)
  counts[second] = (counts[second] or 0) + 1

  n = n + 1
  local user = (n * 618033) % users
  if n % 10 < reads then
    return before_read .. hex3[floor(user / 4096)] .. hex3[user % 4096] .. after_read
  end
  -- A bijection of 0 … 10^10 - 1: the low half is permuted, the high half shifted by the low one.
  local high, low = floor(n / 100000), n % 100000
  high, low = (high * 39373 + low * 69621) % 100000, (low * 48271) % 100000
  return before_token .. tokens[n % #tokens + 1] .. before_user
    .. hex3[floor(user / 4096)] .. hex3[user % 4096] .. '","rcExtension":"'
    .. dec3[floor(high / 100)] .. dec2[high % 100] .. dec3[floor(low / 100)] .. dec2[low % 100]
    .. '"}}'
end

-- One line that bench/run.py reads.
function done(summary, latency)
  local per_second = threads[1]:get("counts")
  local seconds, first, last = floor(summary.duration / 1e6), 0, 0
  for i = 0, 4 do
    first = first + (per_second[i] or 0)
    last = last + (per_second[seconds - 1 - i] or 0)
  end
  local errors = summary.errors
  io.write(string.format(
    "bench requests=%d microseconds=%d errors=%d p50=%d p99=%d gap=%d first=%d last=%d\n",
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99), threads[1]:get("gap") * 1e6, first, last))
end
