#include "common/memory.hpp"

#include <cstddef>
#include <cstdint>
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

/// What cannot be written is as it is in its file.
void give_back(dl_phdr_info const& object, ElfW(Phdr) const& segment, std::uintptr_t page) {
  if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) return;
  auto const first = (object.dlpi_addr + segment.p_vaddr) / page * page;
  auto const end = object.dlpi_addr + segment.p_vaddr + segment.p_memsz;
  // A failure leaves the pages where they are.
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the address is one, as the loader tells it
  madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED);
}

int visit(dl_phdr_info* object, std::size_t, void*) {
  auto const page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  for (std::size_t at = 0; at < object->dlpi_phnum; ++at)
    give_back(*object, object->dlpi_phdr[at], page);
  return 0;
}

}  // namespace

void give_back_memory() {
  malloc_trim(0);
  dl_iterate_phdr(visit, nullptr);
}
