-- wrk: asks the paths of a file one after the other, and prints its figures as one line of JSON. With a second
-- argument each request comes under a name of its own, which begins with it.
local requests = {}
local paths = {}
local prefix = nil
local at = 0

function init(args)
  for path in io.lines(args[1]) do
    paths[#paths + 1] = path
    requests[#requests + 1] = wrk.format("GET", path, { ["X-Username"] = "bench" })
  end
  prefix = args[2]
end

function request()
  if prefix then
    at = at + 1
    return wrk.format("GET", paths[at % #paths + 1], { ["X-Username"] = prefix .. at })
  end
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "RESULT {\"requests\":%d,\"microseconds\":%d,\"p50_us\":%d,\"p99_us\":%d,\"max_us\":%d," ..
    "\"status_errors\":%d,\"socket_errors\":%d}\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
