// Taking images away: their names, then what no other image needs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "image/filter.h"
#include "oci/digest.h"
#include "store/images.h"

namespace sbx::image {

enum class Force : std::uint8_t { no, yes };

// What no image needs goes only where it is known what all of them need.
struct Collected {
    std::uint64_t bytes = 0;                // of layers, unpacked
    std::vector<std::string> damaged = {};  // records that cannot be read: then nothing was removed
};

struct Removed {
    std::vector<std::string> untagged = {};  // names that are gone
    std::vector<oci::Digest> deleted = {};   // images that are gone with them
    Collected rest = {};                     // layers and blobs that were theirs alone
};

// `text` is a name or an id. A name goes alone while the image has others; with the last one, and
// by its id, the image goes, unless a container needs it: Kind::busy, unless forced.
Result<Removed> remove(const store::Store& store, const std::string& text, const os::IdMap& ids,
                       Force force);

// Images without a name and a container that needs them; with Unused::named those with a name, too;
// of these the ones that the filter admits. Also what broken pulls have brought of a blob, to be
// taken up by the next.
enum class Unused : std::uint8_t { unnamed, named };
Result<Removed> prune(const store::Store& store, const os::IdMap& ids, Unused unused,
                      const Filter& filter = {});

// Conditions that ask the store about images and containers, as they are now.
Result<Filter> parse_filter(const store::Store& store, const std::vector<std::string>& texts);

}  // namespace sbx::image
