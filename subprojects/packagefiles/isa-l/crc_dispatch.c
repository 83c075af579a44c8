/* The CRC-32 of gzip, by carry-less multiplication where the processor has it. ISA-L's own
 * dispatcher would bring thirty other checksums with it. */
#include <stdint.h>

uint32_t crc32_gzip_refl_base(uint32_t crc, const unsigned char *bytes, uint64_t size);
uint32_t crc32_gzip_refl_by8(uint32_t crc, const unsigned char *bytes, uint64_t size);

uint32_t crc32_gzip_refl(uint32_t crc, const unsigned char *bytes, uint64_t size)
{
    if (__builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1"))
        return crc32_gzip_refl_by8(crc, bytes, size);
    return crc32_gzip_refl_base(crc, bytes, size);
}
