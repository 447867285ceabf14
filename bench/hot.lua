-- wrk: one person is given one of ten numbers at random, so that nine in ten requests are a change
-- of the same person and of numbers that have been changed many times before. Arguments: token, id.

local before, after

function init(args)
  local body = '{"payload":{"userId":"' .. args[2] .. '","rcExtension":"99000"}}'
  before = "PUT /user/update-rcextension HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
    .. args[1] .. "\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n"
    .. body:sub(1, -5)
  after = '"}}'
end

function request() return before .. math.random(0, 9) .. after end
