// An image of a container as it is now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "container/commit_config.h"
#include "image/ingest.h"

namespace sbx::container {

struct Commit {
    std::string id = {};  // of the container
    std::optional<oci::Reference> name = {};
    CommitWords words = {};
    bool pause = false;  // it stands still while its files are read, if it runs and is not paused
};

struct Committed {
    store::Image image;
    std::vector<std::string> notes;  // what of the files could not be taken as it is
};

// The image has the layers of the container's own, and one with what diff() finds; or one alone.
// What is mounted in it stays away, secrets among that. Files belong to whom the image's layers
// have them belong to, whatever ids the container sees. Kind::unsupported where diff() says so.
Result<Committed> commit(const image::Workshop& workshop, const Commit& wish);

}  // namespace sbx::container
