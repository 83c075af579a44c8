// What a document may ask for that sbx cannot give.
#pragma once

#include "base/error.h"
#include "oci/spec.h"

namespace sbx::runtime {

// Kind::unsupported with the name of the first member that would have to be left out. For limits
// see fit_limits().
Result<> check_supported(const oci::Spec& spec);

}  // namespace sbx::runtime
