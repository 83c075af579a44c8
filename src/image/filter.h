// Which images are meant: --filter of `images` and `image prune`, as docker-images(1) and
// podman-image-prune(1) have it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/criteria.h"
#include "base/error.h"
#include "base/time.h"
#include "store/images.h"

namespace sbx::image {

// As path.Match of Go: '*' stops at '/'. A pattern may leave out what people leave out of a name.
bool name_matches(const std::string& pattern, const oci::Reference& name);

class Filter {
public:
    // What a condition may ask about besides the image itself.
    struct Facts {
        Instant now = {};
        std::function<Result<store::Image>(const std::string& text)> find;  // by name or id
        std::function<bool(const store::Image&)> used;                      // by a container
    };

    // KEY=VALUE each: dangling, reference, label, label!, id, before, since, until, containers,
    // digest. Labels hold all together; of another key one value has to. Kind::usage for a key or a
    // value that means nothing; Kind::not_found for the image that before or since names.
    static Result<Filter> parse(const std::vector<std::string>& texts, const Facts& facts);

    bool admits(const store::Image& image) const;
    bool admits(const oci::Reference& name) const;  // one of an image's names, where they count

private:
    using Condition = Criteria<store::Image>::Condition;

    Result<> add(std::string_view text, const Facts& facts);
    Result<> add_label(std::string_view key, std::string_view value);

    Criteria<store::Image> criteria_;
    std::vector<std::string> patterns_;
};

}  // namespace sbx::image
