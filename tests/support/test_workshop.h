// A workshop for tests to take images in, with a store of its own.
#pragma once

#include <string>
#include <vector>

#include <fcntl.h>

#include "image/ingest.h"
#include "support/files.h"
#include "support/id_range.h"
#include "support/temp_store.h"

namespace sbx::test {

class TestWorkshop {
public:
    const image::Workshop& operator*() const { return workshop_; }
    const TempStore& store() const { return store_; }

    // Of what has been taken in: "NAME: CONTENT" for what is wanted of the topmost layer, and so on
    // down; files of a layer that are hidden are seen here all the same.
    std::string content_of(const store::Image& image, const std::string& file) const {
        std::string content;
        for (const std::string& layer : image.layers)
            content += bytes_of(store_.at("layers/l/" + layer + "/" + file)) + "|";
        return content;
    }

    // What a failed or ended pull may leave: nothing under way, and nothing in the layout.
    std::string left_over() const {
        std::string left;
        for (const char* folder : {"tmp", "trash", "image-records", "image-names", "layers/l"})
            for (const std::string& name : store_.names_at(folder))
                left += fmt::format("{}/{} ", folder, name);
        for (const std::string& name : store_.names_at("images/blobs/sha256"))
            left += "blob " + name + " ";
        return left;
    }

    std::vector<image::LayerStep> steps = {};

private:
    TempStore store_;
    os::Poll poll_;
    image::Workshop workshop_{
        .store = *store_,
        .poll = poll_,
        .ids = one_id(),
        .on_step = [this](const image::LayerStep& step) { steps.push_back(step); }};
};

// A file with these bytes, open for reading at its beginning.
inline os::Fd open_with(const TempFolder& folder, std::string_view bytes) {
    make_file(folder.at("archive"), bytes);
    return os::Fd(::open(folder.at("archive").c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace sbx::test
