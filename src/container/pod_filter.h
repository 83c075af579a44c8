// Which pods are meant: --filter of `pod ps`, as podman-pod-ps(1) has it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/criteria.h"
#include "base/error.h"
#include "container/pods.h"

namespace sbx::container {

class PodFilter {
public:
    // KEY=VALUE each: name, id, status, label, label!, until, ctr-names, ctr-ids, ctr-number,
    // ctr-status. Labels hold all together; of another key one value has to. Kind::usage for a key
    // or a value that means nothing.
    static Result<PodFilter> parse(const std::vector<std::string>& texts);

    bool admits(const ListedPod& pod) const { return criteria_.admit(pod); }

private:
    Criteria<ListedPod> criteria_;
};

}  // namespace sbx::container
