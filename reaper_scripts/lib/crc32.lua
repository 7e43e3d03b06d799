-- @noindex
-- CRC-32 as zlib counts it (polynomial 0xEDB88320, reflected): bytes in, an unsigned 32-bit integer out.

local TABLE = {}
for byte = 0, 255 do
  local crc = byte
  for _ = 1, 8 do
    crc = (crc & 1 == 1) and (crc >> 1) ~ 0xEDB88320 or crc >> 1
  end
  TABLE[byte] = crc
end

-- string.byte returns its results on the stack, which holds some thousands; 4096 at a time is quick and safe.
local CHUNK = 4096

return function(bytes)
  local crc = 0xFFFFFFFF
  for first = 1, #bytes, CHUNK do
    for _, byte in ipairs({ bytes:byte(first, first + CHUNK - 1) }) do
      crc = TABLE[(crc ~ byte) & 0xFF] ~ (crc >> 8)
    end
  end
  return crc ~ 0xFFFFFFFF
end
