#include "os/memory.h"

#include <cstdint>

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace sbx::os {

static int forget_segments(dl_phdr_info* info, std::size_t /*size*/, void* /*data*/) {
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& segment = info->dlpi_phdr[i];
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
        const std::uintptr_t start = (info->dlpi_addr + segment.p_vaddr) & ~(page - 1);
        const std::uintptr_t end = info->dlpi_addr + segment.p_vaddr + segment.p_memsz;
        // At worst they stay.
        // NOLINTNEXTLINE(performance-no-int-to-ptr): it is a number where the loader tells it
        (void)::madvise(reinterpret_cast<void*>(start), end - start, MADV_DONTNEED);
    }
    return 1;  // of the program alone
}

void forget_program_pages() { ::dl_iterate_phdr(forget_segments, nullptr); }

}  // namespace sbx::os
