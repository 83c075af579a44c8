// What is asked of the sandbox for a bundle: all that its document says, and nothing else.
#pragma once

#include <string>

#include "base/error.h"
#include "oci/spec.h"
#include "sandbox/request.h"

namespace sbx::runtime {

// Descriptors 3, 4, ... that the caller has left open for the program: those of LISTEN_FDS
// (sd_listen_fds(3)) and then as many as --preserve-fds says. EBADF where one of them is not open.
struct Inheritance {
    int listening = 0;
    int preserved = 0;

    int count() const { return listening + preserved; }
};
Result<Inheritance> inheritance(int preserved);

// `process` runs in the container that `spec` describes. Without a name for it, the program keeps
// the keyring of the caller.
Result<sandbox::Request> request_for(oci::Spec spec, const Inheritance& inherited,
                                     std::string keyring);

}  // namespace sbx::runtime
