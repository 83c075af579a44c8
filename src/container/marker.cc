#include "container/marker.h"

#include "base/text.h"

namespace sbx::container {

// What a shell would act on between double quotes is left out.
static std::string quoted(std::string_view value) {
    std::string text = printable(value);
    std::erase_if(text, [](char letter) { return std::string_view("\"\\$`").contains(letter); });
    return '"' + text + '"';
}

std::string marker_text(const store::ContainerRecord& record, std::uint32_t uid) {
    return fmt::format("engine=\"sbx-{}\"\nname={}\nid={}\nimage={}\nimageid={}\nrootless={}\n",
                       SBX_VERSION, quoted(record.name), quoted(record.id),
                       quoted(record.image_name), quoted(record.image_id), uid == 0 ? 0 : 1);
}

}  // namespace sbx::container
