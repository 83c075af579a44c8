/* The CRC-32 of gzip, by carry-less multiplication where the processor has it. ISA-L's own
 * dispatcher would bring thirty other checksums with it. */
#include <cpuid.h>
#include <stdint.h>

uint32_t crc32_gzip_refl_base(uint32_t crc, const unsigned char *bytes, uint64_t size);
uint32_t crc32_gzip_refl_by8(uint32_t crc, const unsigned char *bytes, uint64_t size);

/* Asked when first needed: a constructor, as __builtin_cpu_supports brings one, would ask at every
 * start of every program, and in a virtual machine each question is a trip to the host. */
static int multiplies_carry_less(void)
{
    static int known = -1;
    unsigned a, b, c = 0, d;
    if (known < 0)
        known = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_PCLMUL) && (c & bit_SSE4_1);
    return known;
}

uint32_t crc32_gzip_refl(uint32_t crc, const unsigned char *bytes, uint64_t size)
{
    if (multiplies_carry_less())
        return crc32_gzip_refl_by8(crc, bytes, size);
    return crc32_gzip_refl_base(crc, bytes, size);
}
