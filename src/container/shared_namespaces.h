// Namespaces that are there already and that a container joins: those of another container, which
// it looks up at each of its starts, and those that a file of the host names.
//
// In the Spec of a Blueprint, the path of a namespace is "container:ID" for the one that the
// container ID has while it runs. Its user namespace is shared with it: only root of that may join
// the others.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "container/network_files.h"
#include "oci/spec.h"
#include "sandbox/plan.h"
#include "store/containers.h"

namespace sbx::container {

constexpr std::string_view kContainerMode = "container:";
constexpr std::string_view kPathMode = "ns:";

// Comes with an IPC namespace: a bind whose source is "container:ID" is of that container's.
constexpr const char* kSharedMemory = "/dev/shm";

// Whether a mode, of --network and the like, is "container:..." or "ns:...".
bool joins_namespace(std::string_view mode);

// "container:ID" or "ns:PATH": what the container joins for its own of that kind, if anything.
std::string joined_namespace(const oci::Spec& spec, std::string_view type);

// The container whose namespace of that kind it joins; empty where there is none.
std::string sharer_of(const oci::Spec& spec, std::string_view type);

// Kind to id of the container whose it is, for a record: a document of OCI's takes no such path.
std::map<std::string, std::string> sharers_of(const oci::Spec& spec);
oci::Spec without_sharers(oci::Spec spec);
void set_sharers(const std::map<std::string, std::string>& sharers, oci::Spec& spec);

// Puts in the files of the namespaces as they are now. Kind::busy where a container does not run,
// or where what is to be joined is in two user namespaces.
Result<> find_shared(const store::Containers& containers, sandbox::Plan& plan);

// After a process has joined the namespaces of `found`: that those were of the containers that
// `plan` names, and not of whoever has got their numbers since.
Result<> check_still_shared(const store::Containers& containers, const sandbox::Plan& plan,
                            const sandbox::Plan& found);

// /etc/hosts and /etc/resolv.conf of whoever has the network, as they are now; else its own.
Result<NetworkFiles> shared_files(const store::Containers& containers, const oci::Spec& spec,
                                  const NetworkFiles& own);

}  // namespace sbx::container
