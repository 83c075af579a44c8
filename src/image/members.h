// The files in an archive of images, laid out on disk under numbers: a name in an archive is only
// ever looked up in a table, and never becomes a path.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/error.h"
#include "image/ingest.h"
#include "os/fd.h"

namespace sbx::image {

class Members {
public:
    // Reads the tar archive `archive`, plain or compressed, to its end, in a confined process, into
    // files below `staging`.
    static Result<Members> extract(os::FdView archive, os::FdView staging,
                                   const Workshop& workshop);

    bool has(const std::string& name) const { return find(name) != nullptr; }
    Result<os::Fd> open(const std::string& name) const;
    Result<std::string> read(const std::string& name, std::size_t limit) const;

private:
    // A number, or the name that a link in the archive stands for.
    using Table = std::map<std::string, std::string>;

    Members(os::Fd staging, Table files, Table links)
        : staging_(std::move(staging)), files_(std::move(files)), links_(std::move(links)) {}

    const std::string* find(const std::string& name) const;

    os::Fd staging_;
    Table files_;
    Table links_;
};

// "a/../b/./c" in an archive, as tar means it: "b/c". Nothing where it leads out of the archive.
std::optional<std::string> plain_member_name(std::string_view name);

}  // namespace sbx::image
